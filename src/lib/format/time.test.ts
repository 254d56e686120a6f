import { describe, expect, it } from 'vitest';
import {
  formatAgo,
  formatDateTime,
  formatDay,
  formatRelativeTime,
  formatUntil,
  fromLocalInput,
  toLocalInput,
} from './time';

/** Local time, so that the tests say the same in every zone. */
const NOON = new Date(2030, 4, 1, 12, 0, 0);
const now = NOON.getTime();
const at = (offsetSeconds: number): Date => new Date(now + offsetSeconds * 1_000);
/** Writes hours as 08:00, whatever the locale of the machine. */
const plain = (text: string): string =>
  text.replace(
    /(\d\d):(\d\d)\s?(AM|PM)/g,
    (_all, hour, minute, half) =>
      `${String((Number(hour) % 12) + (half === 'PM' ? 12 : 0)).padStart(2, '0')}:${minute}`,
  );

const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

describe('a time to come', () => {
  it.each([
    [-1, 'now'],
    [45, 'in 45 s'],
    [12 * MINUTE, 'in 12 min'],
    [3 * HOUR + 10 * MINUTE, 'in 3 h 10 min, 15:10'],
    [19 * HOUR + 51 * MINUTE, 'in 19 h 51 min, tomorrow 07:51'],
    [44 * HOUR, 'in 1 d 20 h, Fri 08:00'],
  ])('%i seconds away reads "%s"', (offsetSeconds, text) => {
    expect(plain(formatUntil(at(offsetSeconds), now))).toBe(text);
  });
});

describe('a time that has passed', () => {
  it.each([
    [0, 'just now'],
    [45, '45 s ago'],
    [3 * MINUTE + 59, '3 min ago'],
    [5 * HOUR, '5 h ago'],
    [20 * HOUR, 'yesterday 16:00'],
  ])('%i seconds ago reads "%s"', (secondsAgo, text) => {
    expect(plain(formatAgo(at(-secondsAgo), now))).toBe(text);
  });

  it('of today is named by its hour when it is long ago', () => {
    const evening = new Date(2030, 4, 1, 23, 30);
    expect(plain(formatAgo(new Date(2030, 4, 1, 8, 0), evening.getTime()))).toBe('today 08:00');
  });

  it('reads the same when past and future are one label', () => {
    expect(formatRelativeTime(at(-45), now)).toBe('45 s ago');
    expect(formatRelativeTime(at(45), now)).toBe('in 45 s');
    // A clock that is a little ahead of the server's.
    expect(formatRelativeTime(at(2), now)).toBe('just now');
  });
});

describe('a day', () => {
  it('has its year only when that is another one', () => {
    expect(formatDay(at(40 * DAY), NOON)).not.toContain('2030');
    expect(formatDay(at(400 * DAY), NOON)).toContain('2031');
  });

  it('is counted by midnights, not by 24 hours', () => {
    const late = new Date(2030, 4, 1, 23, 59);
    expect(formatDay(new Date(2030, 4, 2, 0, 1), late)).toMatch(/^tomorrow /);
  });
});

it('an absolute time names its zone', () => {
  const zone = new Intl.DateTimeFormat(undefined, { timeZoneName: 'short' })
    .formatToParts(NOON)
    .find(({ type }) => type === 'timeZoneName');
  expect(formatDateTime(NOON)).toContain(zone?.value);
});

describe('a local date and time input', () => {
  it('round-trips an instant, to the minute', () => {
    const value = toLocalInput('2030-05-01T12:34:00.000Z');

    expect(fromLocalInput(value)).toBe('2030-05-01T12:34:00.000Z');
  });

  it('is empty for no instant, and gives no instant when empty or invalid', () => {
    expect(toLocalInput(undefined)).toBe('');
    expect(toLocalInput('soon')).toBe('');
    expect(fromLocalInput('')).toBeUndefined();
    expect(fromLocalInput('soon')).toBeUndefined();
  });
});
