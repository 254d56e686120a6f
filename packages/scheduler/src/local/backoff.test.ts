import { createTestClock } from '@everbeat/testkit';
import { expect, it } from 'vitest';
import { Backoff } from './backoff';

const SECOND = 1_000;

it('waits from one second to half a minute, twice as long after each failure, until it succeeds', () => {
  const backoff = new Backoff(createTestClock());
  const waits = () => Array.from({ length: 7 }, () => backoff.failed(() => undefined) / SECOND);
  expect(waits()).toEqual([1, 2, 4, 8, 16, 30, 30]);
  expect(backoff.failures).toBe(7);
  backoff.succeeded();
  expect(backoff.failed(() => undefined)).toBe(SECOND);
});

it('tries again once, after the wait of the last failure', async () => {
  const clock = createTestClock();
  const backoff = new Backoff(clock);
  const retries: number[] = [];
  backoff.failed(() => retries.push(1));
  backoff.failed(() => retries.push(2));
  expect(clock.pending()).toBe(1);

  await clock.advance(2 * SECOND - 1);
  expect([retries, backoff.isWaiting]).toEqual([[], true]);
  await clock.advance(1);
  expect([retries, backoff.isWaiting]).toEqual([[2], false]);
});

it('does not try again once it is canceled', async () => {
  const clock = createTestClock();
  const backoff = new Backoff(clock);
  backoff.cancel();
  backoff.failed(() => expect.unreachable());
  backoff.cancel();
  expect(backoff.isWaiting).toBe(false);
  expect(clock.pending()).toBe(0);
});
