import { describe, expect, it } from 'vitest';
import { formatDuration, formatInterval, formatMilliseconds, formatSpan } from './duration';

describe('a duration', () => {
  it.each([
    [0, '0 seconds'],
    [1, '1 second'],
    [90, '1 minute 30 seconds'],
    [5_400, '1 hour 30 minutes'],
    [86_400 * 2, '2 days'],
  ])('%i seconds is "%s"', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it('leaves out the number 1 in an interval', () => {
    expect(formatInterval(60)).toBe('every minute');
    expect(formatInterval(900)).toBe('every 15 minutes');
    expect(formatInterval(86_400)).toBe('every day');
  });
});

describe('a span', () => {
  const MINUTE = 60_000;
  const HOUR = 60 * MINUTE;
  it.each([
    [-5_000, '0 s'],
    [1, '1 s'],
    [45_000, '45 s'],
    [MINUTE, '1 min'],
    [61_000, '2 min'],
    [59 * MINUTE + 30_000, '1 h'],
    [23 * HOUR + 51 * MINUTE, '23 h 51 min'],
    [24 * HOUR, '1 d'],
    [3 * 24 * HOUR + 3.5 * HOUR, '3 d 4 h'],
  ])('of %i ms is "%s"', (milliseconds, text) => {
    expect(formatSpan(milliseconds)).toBe(text);
  });
});

describe('a number of milliseconds', () => {
  it('is shown in the unit that fits', () => {
    expect(formatMilliseconds(12)).toBe('12 ms');
    expect(formatMilliseconds(1_540)).toBe('1.5 s');
    expect(formatMilliseconds(180_000)).toBe('3 minutes');
  });
});
