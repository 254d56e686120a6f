import { describe, expect, it } from 'vitest';
import {
  type FeedPosition,
  formatEventId,
  includes,
  parseEventId,
  parseSnapshot,
  positionAfter,
  positionOf,
} from './feedPosition';

const row = (tx: number, id: number) => ({ tx: BigInt(tx), id: BigInt(id) });
const at = (tx: number, id: number, open: number[] = []): FeedPosition => ({
  ...row(tx, id),
  open: open.map(BigInt),
});

describe('a snapshot', () => {
  it('stands for a position that has everything but what was open', () => {
    const position = positionOf(parseSnapshot('5:9:5,7'));

    expect(position).toEqual(at(9, 0, [5, 7]));
    expect(includes(position, row(8, 100))).toBe(true);
    expect(includes(position, row(7, 1))).toBe(false);
    expect(includes(position, row(9, 1))).toBe(false);
  });

  it('may have no open transaction', () => {
    expect(positionOf(parseSnapshot('9:9:'))).toEqual(at(9, 0));
  });
});

describe('the position after a row', () => {
  const snapshot = parseSnapshot('5:20:5,11');

  it('is that row, and names the open transactions below it', () => {
    expect(positionAfter(row(10, 3), at(9, 0), snapshot)).toEqual(at(10, 3, [5]));
  });

  it('does not move back for a late row, and still names what was open from that row on', () => {
    const before = at(9, 4, [5, 6, 7, 8]);

    expect(positionAfter(row(7, 1), before, snapshot)).toEqual(at(9, 4, [5, 7, 8]));
  });
});

describe('the id of an event', () => {
  it.each([
    ['only the row when nothing was open', at(12, 3), '12.3'],
    ['the distances of open transactions', at(12, 3, [2, 11]), '12.3~10~1'],
  ])('has %s', (_what, position, text) => {
    expect(formatEventId(position, position)).toBe(text);
    expect(parseEventId(text)).toEqual(position);
  });

  it('begins with the row also when the row committed late', () => {
    const text = formatEventId(row(7, 1), at(12, 3, [7]));

    expect(text).toBe('7.1@12.3~5');
    expect(parseEventId(text)).toEqual(at(12, 3, [7]));
  });

  it('goes back to the first open transaction that it has no room for', () => {
    const open = Array.from({ length: 40 }, (_, index) => 100 + index);
    const resumed = parseEventId(formatEventId(row(200, 1), at(200, 1, open)));

    expect(resumed).toEqual(at(132, 0, open.slice(0, 32)));
    for (const tx of open) expect(includes(resumed ?? at(0, 0), row(tx, 1))).toBe(false);
  });

  it.each([
    '',
    'x',
    '1',
    '1.2.3',
    '-1.0',
    '1.2~',
    '1.2~5',
    '1.2~0',
    '18446744073709551616.1',
    '1.2@3',
    `9.1${'~1'.repeat(33)}`,
  ])('%j is none', (text) => expect(parseEventId(text)).toBeNull());
});
