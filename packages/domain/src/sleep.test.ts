import { createTestClock } from '@everbeat/testkit';
import { expect, it } from 'vitest';
import { sleep } from './sleep';

it('resolves once the delay has passed on the clock', async () => {
  const clock = createTestClock();
  let isAwake = false;
  const sleeping = sleep(clock, 1_000).then(() => (isAwake = true));
  await clock.advance(999);
  expect(isAwake).toBe(false);
  await clock.advance(1);
  await sleeping;
  expect(isAwake).toBe(true);
});

it('resolves when its signal is aborted, and leaves no timer behind', async () => {
  const clock = createTestClock();
  const controller = new AbortController();
  const sleeping = sleep(clock, 1_000, controller.signal);
  controller.abort();
  await sleeping;
  await sleep(clock, 1_000, controller.signal);
  expect(clock.pending()).toBe(0);
});
