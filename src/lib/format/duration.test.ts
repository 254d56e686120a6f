import { describe, expect, it } from 'vitest';
import { formatCountdown, formatDuration, formatInterval, formatMilliseconds } from './duration';

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

describe('a countdown', () => {
  it.each([
    [-5_000, '00:00'],
    [1, '00:01'],
    [249_000, '04:09'],
    [3_849_000, '1:04:09'],
    [86_400_000 * 3 + 4 * 3_600_000, '3 d 04 h'],
  ])('of %i ms shows "%s"', (milliseconds, text) => {
    expect(formatCountdown(milliseconds)).toBe(text);
  });
});

describe('a number of milliseconds', () => {
  it('is shown in the unit that fits', () => {
    expect(formatMilliseconds(12)).toBe('12 ms');
    expect(formatMilliseconds(1_540)).toBe('1.5 s');
    expect(formatMilliseconds(180_000)).toBe('3 minutes');
  });
});
