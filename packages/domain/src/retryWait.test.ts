import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIMITS } from './limits';
import { type RetryWait, retryWaitSeconds } from './retryWait';

const wait = (changes: Partial<RetryWait> = {}) =>
  retryWaitSeconds({ count: 1, intervalSeconds: 600, retryAfterSeconds: 0, id: 'run-1', ...changes });

const anyWait = fc.record({
  count: fc.integer({ min: 1, max: 10_000 }),
  intervalSeconds: fc.option(fc.integer({ min: 1, max: 100_000 })),
  retryAfterSeconds: fc.double({ min: 0, max: 1e12, noNaN: true }),
  id: fc.uuid(),
});

describe('the wait before a failed run is tried again', () => {
  it('begins at half a minute and doubles up to an hour, each a tenth longer at most', () => {
    for (const [index, seconds] of [30, 60, 120, 240, 480, 960, 1_920].entries()) {
      expect(wait({ count: index + 1 })).toBeGreaterThanOrEqual(seconds);
      expect(wait({ count: index + 1 })).toBeLessThanOrEqual(seconds * 1.1);
    }
    expect(wait({ count: 8 })).toBeGreaterThanOrEqual(3_270);
    expect(wait({ count: 1_000 })).toBeLessThanOrEqual(3_600);
  });

  it('begins at the interval of a task that is due more often', () => {
    expect(wait({ intervalSeconds: 10 })).toBeLessThanOrEqual(11);
    expect(wait({ intervalSeconds: null })).toBeGreaterThanOrEqual(30);
    // After a hand edit.
    expect(wait({ intervalSeconds: 0 })).toBeGreaterThanOrEqual(30);
  });

  it('is not shorter than the far side asks for, up to a day', () => {
    expect(wait({ retryAfterSeconds: 900 })).toBeGreaterThanOrEqual(900);
    expect(wait({ retryAfterSeconds: 900 })).toBeLessThanOrEqual(904);
    expect(wait({ retryAfterSeconds: 1e9 })).toBe(LIMITS.retryAfterSecondsMax);
  });

  it('differs from run to run', () => {
    const waits = Array.from({ length: 50 }, (_, index) => wait({ count: 7, id: `run-${index}` }));
    expect(new Set(waits).size).toBeGreaterThan(25);
  });

  it('of any failure is a whole number of seconds, grows until it is longest, and is at least what is asked', () => {
    fc.assert(
      fc.property(anyWait, (failure) => {
        const seconds = retryWaitSeconds(failure);
        expect(Number.isInteger(seconds)).toBe(true);
        expect(seconds).toBeGreaterThanOrEqual(
          Math.min(failure.retryAfterSeconds, LIMITS.retryAfterSecondsMax),
        );
        expect(seconds).toBeLessThanOrEqual(LIMITS.retryAfterSecondsMax);
        const later = retryWaitSeconds({ ...failure, count: failure.count + 1 });
        expect(later).toBeGreaterThanOrEqual(seconds);
        const unasked = retryWaitSeconds({ ...failure, retryAfterSeconds: 0 });
        expect(unasked).toBeLessThanOrEqual(LIMITS.retryWaitSecondsMax);
      }),
    );
  });
});
