import { createTestClock } from '@everbeat/testkit';
import { expect, test } from 'vitest';
import { RETRIES_MAX, retryDelay } from './retryDelay';

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
