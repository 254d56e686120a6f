import { describe, expect, test } from 'vitest';
import { afterFailedSend, type FailedSend } from './deliveryRetry';

const FIRST = new Date('2026-01-01T00:00:00Z');
const MESSAGE = { id: 'a', attempts: 1, firstAttemptAt: FIRST, isIdempotent: false };
const AWAY: FailedSend = { kind: 'transient', mayHaveArrived: false, retryAfterSeconds: 0 };
const later = (seconds: number): Date => new Date(FIRST.getTime() + seconds * 1_000);

const waitOf = (attempts: number, failed: FailedSend = AWAY): number => {
  const after = afterFailedSend({ ...MESSAGE, attempts }, failed, FIRST);
  return after.act === 'retry' ? (after.at.getTime() - FIRST.getTime()) / 1_000 : Number.NaN;
};

describe('a message that was not taken', () => {
  test('is tried again after waits that grow to an hour', () => {
    const waits = [1, 2, 3, 20].map((attempts) => waitOf(attempts));
    expect(waits[0]).toBeGreaterThanOrEqual(30);
    expect(waits[1]).toBeGreaterThan(waits[0] ?? 0);
    expect(waits[2]).toBeGreaterThan(waits[1] ?? 0);
    expect(waits[3]).toBeLessThanOrEqual(3_600);
  });

  test('is never tried before the far side allows it', () => {
    expect(waitOf(1, { ...AWAY, retryAfterSeconds: 7_200 })).toBeGreaterThanOrEqual(7_200);
  });

  test('waits for a person in the same way, who may have corrected the channel meanwhile', () => {
    expect(waitOf(1, { ...AWAY, kind: 'needs-person' })).toBeGreaterThanOrEqual(30);
  });

  test('is given up after a day', () => {
    const tried = { ...MESSAGE, attempts: 30 };
    expect(afterFailedSend(tried, AWAY, later(22 * 3_600)).act).toBe('retry');
    expect(afterFailedSend(tried, AWAY, later(24 * 3_600))).toEqual({ act: 'fail', reason: 'gave-up' });
  });

  test('is given up when the far side will never take it', () => {
    const failed = { ...AWAY, kind: 'refused' as const, mayHaveArrived: true };
    expect(afterFailedSend(MESSAGE, failed, FIRST)).toEqual({ act: 'fail', reason: 'refused' });
  });

  test('is not tried again if it may have arrived, unless the far side takes each once', () => {
    const failed = { ...AWAY, mayHaveArrived: true };
    expect(afterFailedSend(MESSAGE, failed, FIRST)).toEqual({ act: 'unknown' });
    expect(afterFailedSend({ ...MESSAGE, isIdempotent: true }, failed, FIRST).act).toBe('retry');
  });
});
