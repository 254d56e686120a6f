import { describe, expect, it } from 'vitest';
import { steadyRows, withRowsBack } from './steadyRows';

const rows = (...keys: string[]) => keys.map((key) => ({ key, text: 'fresh' }));
const shown = (...keys: string[]) => keys.map((key) => ({ key, text: 'shown' }));
const list = (before: string[], fresh: string[], keeps = (_key: string): boolean => false) => {
  const { rows: all, waiting } = steadyRows(shown(...before), rows(...fresh), ({ key }) => keeps(key));
  return { keys: all.map(({ key }) => key), waiting };
};

describe('when fresh rows arrive', () => {
  it.each<[string, string[], string[], string[], number]>([
    ['an empty list shows all', [], ['a', 'b'], ['a', 'b'], 0],
    ['those above wait', ['a', 'b'], ['x', 'y', 'a', 'b'], ['a', 'b'], 2],
    ['those between wait', ['a', 'b'], ['a', 'x', 'b'], ['a', 'b'], 1],
    ['those of the next page are added', ['a'], ['a', 'b', 'c'], ['a', 'b', 'c'], 0],
    ['a row with news stays where it is', ['a', 'b'], ['b', 'a'], ['a', 'b'], 0],
    ['a row that is gone leaves', ['a', 'b'], ['b'], ['b'], 0],
    ['a list of which all are gone is a new one', ['a'], ['b', 'c'], ['b', 'c'], 0],
  ])('%s', (_what, before, fresh, keys, waiting) => {
    expect(list(before, fresh)).toEqual({ keys, waiting });
  });

  it('rows that are gone stay where the list keeps them', () => {
    const isA = (key: string): boolean => key === 'a';
    expect(list(['a', 'b', 'x'], ['b', 'c'], isA)).toEqual({ keys: ['a', 'b', 'c'], waiting: 0 });
    expect(list(['a'], [], isA)).toEqual({ keys: ['a'], waiting: 0 });
  });

  it('rows take their new content', () => {
    expect(steadyRows(shown('a'), rows('a'), () => false).rows).toEqual(rows('a'));
  });
});

describe('rows that were taken back', () => {
  const back = (now: string[], before: string[], keys: string[]) =>
    withRowsBack(shown(...now), shown(...before), new Set(keys)).map(({ key }) => key);

  it.each<[string[], string[], string[], string[]]>([
    [
      ['a', 'd'],
      ['a', 'b', 'c', 'd'],
      ['b', 'c'],
      ['a', 'b', 'c', 'd'],
    ],
    [['b'], ['a', 'b'], ['a'], ['a', 'b']],
    [[], ['a', 'b'], ['b'], ['b']],
    [['x', 'c'], ['a', 'b', 'c'], ['b'], ['b', 'x', 'c']],
    [['a', 'b'], ['a', 'b'], ['b'], ['a', 'b']],
  ])('come back into %j, which was %j, as %j', (now, before, keys, rows_) => {
    expect(back(now, before, keys)).toEqual(rows_);
  });

  it('are again what they were', () => {
    expect(withRowsBack(rows('a', 'b'), shown('a', 'b'), new Set(['b']))).toEqual([
      ...rows('a'),
      ...shown('b'),
    ]);
  });
});
