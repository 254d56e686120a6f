import { errorMessage } from '@everbeat/domain';
import { createTestClock } from '@everbeat/testkit';
import { describe, expect, test } from 'vitest';
import { RETRIES_MAX, readPatiently, retryDelay } from './retryDelay';

test.each([
  [0, 250],
  [1, 500],
  [2, 1_000],
  [3, 2_000],
  [4, 5_000],
  [5, 10_000],
  [RETRIES_MAX, 10_000],
  [1_000, 10_000],
])('after attempt %i the next one follows in %i ms', async (attempt, delayMs) => {
  const clock = createTestClock();
  let isOver = false;
  void retryDelay({ clock }, attempt).then(() => {
    isOver = true;
  });
  await clock.advance(delayMs - 1);
  expect(isOver).toBe(false);
  await clock.advance(1);
  expect(isOver).toBe(true);
});

describe('a patient read', () => {
  const away = Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
  const held = Object.assign(new Error('held'), { code: '55P03' });

  /** Fails with these errors, one after another, and then reads `done`. */
  function readAfter(...errors: Error[]) {
    const clock = createTestClock();
    const told: string[] = [];
    const onRetry = (error: unknown, attempt: number) => void told.push(`${attempt}: ${errorMessage(error)}`);
    const read = async () => {
      const error = errors.shift();
      if (error !== undefined) throw error;
      return 'done';
    };
    return { clock, told, onRetry, read };
  }

  test('is made again while the database is away or a row is held', async () => {
    const { clock, told, onRetry, read } = readAfter(away, held);
    const result = readPatiently({ clock }, read, { onRetry });
    await clock.advance(1_000);
    expect(await result).toBe('done');
    expect(told).toEqual(['0: away', '1: held']);
  });

  test('is not made again after another error', async () => {
    const { clock, told, onRetry, read } = readAfter(new Error('wrong'));
    await expect(readPatiently({ clock }, read, { onRetry })).rejects.toThrow('wrong');
    expect(told).toEqual([]);
  });

  test('is not made again once nobody waits for it any more', async () => {
    const { clock, told, onRetry, read } = readAfter(away);
    const signal = AbortSignal.abort();
    await expect(readPatiently({ clock }, read, { signal, onRetry })).rejects.toThrow('away');
    expect(told).toEqual([]);
  });

  test('ends with the last error when the database stays away', async () => {
    const { clock, read } = readAfter(...Array.from({ length: RETRIES_MAX + 1 }, () => away));
    const result = expect(readPatiently({ clock }, read)).rejects.toThrow('away');
    await clock.advance(60_000);
    await result;
  });
});
