import { LIMITS } from '@everbeat/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryAfterOf } from './retryAfter';

const now = new Date('2026-11-28T12:00:00.000Z');
const read = (headers: Record<string, string>, isLimited = true) =>
  retryAfterOf(new Headers(headers), { isLimited, now });

describe('Retry-After', () => {
  it.each([
    ['seconds', '40', 40],
    ['a part of a second', '0.2', 1],
    ['a date', 'Sat, 28 Nov 2026 12:01:30 GMT', 90],
    ['a date of the second form', 'Saturday, 28-Nov-26 12:01:30 GMT', 90],
    ['a date of the third form', 'Sat Nov 28 12:01:30 2026', 90],
    ['a duration', '1m30s', 90],
    ['seconds since 1970', '1795867290', 90],
  ])('may be %s', (_what, value, seconds) => {
    expect(read({ 'retry-after': value })).toBe(seconds);
    expect(read({ 'retry-after': value }, false)).toBe(seconds);
  });

  it.each(['', '-1', 'soon', '0', '1 minute', 'Sat, 28 Nov 2026 11:00:00 GMT', 'NaN', 'Infinity', '1e400'])(
    'asks for no wait when it is "%s"',
    (value) => expect(read({ 'retry-after': value })).toBeUndefined(),
  );

  it('is never longer than the longest interval', () => {
    expect(read({ 'retry-after': '999999999' })).toBe(LIMITS.heartbeatSecondsMax);
  });

  it('is counted from the clock of who sent it, if that is told', () => {
    const date = 'Sat, 28 Nov 2026 13:00:00 GMT';
    expect(read({ date, 'retry-after': 'Sat, 28 Nov 2026 13:00:20 GMT' })).toBe(20);
  });

  it('in milliseconds is more exact, and comes first', () => {
    expect(read({ 'retry-after-ms': '2500', 'retry-after': '60' })).toBe(3);
    expect(read({ 'retry-after-ms': 'soon', 'retry-after': '60' })).toBe(60);
  });

  it('comes before the reset of a limit', () => {
    expect(read({ 'retry-after': '5', 'x-ratelimit-reset': '3600' })).toBe(5);
  });
});

describe('the reset of a limit', () => {
  it.each([
    ['seconds', { 'ratelimit-reset': '30' }, 30],
    ['seconds since 1970', { 'x-ratelimit-reset': '1795867290' }, 90],
    ['milliseconds since 1970', { 'x-ratelimit-reset': '1795867290000' }, 90],
    ['a duration', { 'x-ratelimit-reset-requests': '1m30s' }, 90],
    ['a short duration', { 'x-ratelimit-reset-tokens': '6ms' }, 1],
    ['a long duration', { 'x-ratelimit-reset-requests': '1h2m3.5s' }, 3_724],
    ['an ISO date', { 'anthropic-ratelimit-tokens-reset': '2026-11-28T12:01:30Z' }, 90],
    ['a part of one header', { ratelimit: 'limit=100, remaining=0, reset=50' }, 50],
    ['a part of one structured header', { ratelimit: '"default";r=0;t=50' }, 50],
  ])('may be %s', (_what, headers, seconds) => expect(read(headers)).toBe(seconds));

  it('says nothing when the limit is not why the call was refused', () => {
    expect(read({ 'x-ratelimit-reset': '30' }, false)).toBeUndefined();
  });

  it('counts for the limits that are used up, until the last of them', () => {
    const headers = {
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '2m',
      'x-ratelimit-remaining-tokens': '5000',
      'x-ratelimit-reset-tokens': '8h',
    };
    expect(read(headers)).toBe(120);
    expect(read({ ...headers, 'x-ratelimit-remaining-tokens': '0' })).toBe(8 * 3_600);
  });

  it('counts until the first where something of every limit is left', () => {
    const headers = {
      'anthropic-ratelimit-requests-remaining': '3',
      'anthropic-ratelimit-requests-reset': '2026-11-28T12:00:20Z',
      'anthropic-ratelimit-tokens-remaining': '100',
      'anthropic-ratelimit-tokens-reset': '2026-11-28T12:00:50Z',
    };
    expect(read(headers)).toBe(20);
  });
});

it('is undefined or whole seconds within the bounds, whatever the headers hold', () => {
  const names = fc.constantFrom('retry-after', 'retry-after-ms', 'x-ratelimit-reset', 'ratelimit', 'date');
  const value = fc.oneof(
    fc.string().map((text) => text.replace(/[^\x20-\x7e]/g, '')),
    fc.double().map(String),
    fc.date().map((date) => date.toString()),
    fc.stringMatching(/^(\d{1,30}[dhms]){1,60}$/),
  );
  fc.assert(
    fc.property(fc.dictionary(names, value), (headers) => {
      const seconds = read(headers);
      if (seconds === undefined) return;
      expect(Number.isInteger(seconds)).toBe(true);
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(LIMITS.heartbeatSecondsMax);
    }),
  );
});
