import { describe, expect, it } from 'vitest';
import { nextFocus, rangeOf, stepFrom, toggled } from './selection';

const KEYS = ['a', 'b', 'c', 'd'];

describe('a step', () => {
  it.each<[string | null, 1 | -1, string]>([
    ['a', 1, 'b'],
    ['b', -1, 'a'],
    ['d', 1, 'd'],
    ['a', -1, 'a'],
    [null, 1, 'a'],
    ['gone', 1, 'a'],
  ])('from %s by %i leads to %s', (current, by, next) => {
    expect(stepFrom(KEYS, current, by)).toBe(next);
  });

  it('in an empty list leads nowhere', () => {
    expect(stepFrom([], 'a', 1)).toBeNull();
  });
});

describe('a range', () => {
  it.each<[string | null, string, string[]]>([
    ['b', 'd', ['b', 'c', 'd']],
    ['d', 'b', ['b', 'c', 'd']],
    ['b', 'b', ['b']],
    [null, 'c', ['c']],
    ['gone', 'c', ['c']],
    ['b', 'gone', ['b']],
  ])('from %s to %s is %j', (anchor, to, range) => {
    expect(rangeOf(KEYS, anchor, to)).toEqual(range);
  });
});

describe('when rows leave, the focus goes', () => {
  it.each<[string, string[], string | null, string | null]>([
    ['to the next row', ['b'], 'b', 'c'],
    ['past all that leave with it', ['b', 'c'], 'b', 'd'],
    ['to the row before, at the end of the list', ['c', 'd'], 'c', 'b'],
    ['nowhere, when none stays', KEYS, 'b', null],
    ['nowhere else, when another row leaves', ['a'], 'c', 'c'],
    ['to the first row, when none was current', ['b'], null, 'a'],
  ])('%s', (_where, leaving, current, next) => {
    expect(nextFocus(KEYS, new Set(leaving), current)).toBe(next);
  });
});

it('a row is selected by the first press and no more by the second', () => {
  const once = toggled(new Set(['a']), 'b');
  expect([...once]).toEqual(['a', 'b']);
  expect([...toggled(once, 'b')]).toEqual(['a']);
});
