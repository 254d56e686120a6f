import { describe, expect, it } from 'vitest';
import { formatRelativeTime, fromLocalInput, toLocalInput } from './time';

const now = Date.parse('2030-05-01T12:00:00.000Z');
const at = (offsetSeconds: number): Date => new Date(now + offsetSeconds * 1_000);

describe('a relative time', () => {
  it.each([
    [-2, 'just now'],
    [20, 'in less than a minute'],
    [-300, '5 minutes ago'],
    [3 * 3_600, 'in 3 hours'],
    [-24 * 3_600, 'yesterday'],
    [-60 * 86_400, '2 months ago'],
  ])('%i seconds away reads "%s"', (offsetSeconds, text) => {
    expect(formatRelativeTime(at(offsetSeconds), now)).toBe(text);
  });
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
