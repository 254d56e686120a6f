import { createTestClock, type TestClock } from '@everbeat/testkit';
import { beforeEach, expect, it } from 'vitest';
import { withTimeout } from './withTimeout';

let clock: TestClock;
beforeEach(() => {
  clock = createTestClock();
});

/** Work that goes on until its signal ends it. */
const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    const end = () => reject(signal.reason);
    if (signal.aborted) end();
    else signal.addEventListener('abort', end);
  });

it('ends the work once the time has passed on the clock, and not before', async () => {
  let reason: unknown;
  const work = withTimeout(clock, 1_000, untilAborted).catch((error: unknown) => {
    reason = error;
  });
  await clock.advance(999);
  expect(reason).toBeUndefined();
  await clock.advance(1);
  await work;
  expect(reason).toMatchObject({ name: 'TimeoutError' });
});

it('waits for work that takes a while to end', async () => {
  let hasEnded = false;
  const work = withTimeout(clock, 1_000, async (signal) => {
    await untilAborted(signal).catch(() => undefined);
    await new Promise<void>((resolve) => clock.after(500, resolve));
    hasEnded = true;
    return 'the beginning';
  });
  await clock.advance(1_499);
  expect(hasEnded).toBe(false);
  await clock.advance(1);
  expect(await work).toBe('the beginning');
});

it('resolves and rejects as the work does, and leaves no timer behind', async () => {
  expect(await withTimeout(clock, 1_000, async () => 'done')).toBe('done');
  expect(clock.pending()).toBe(0);
  await expect(withTimeout(clock, 1_000, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(clock.pending()).toBe(0);
  const throws = (): never => {
    throw new Error('at once');
  };
  await expect(withTimeout(clock, 1_000, throws)).rejects.toThrow('at once');
  expect(clock.pending()).toBe(0);
});

it('ends the work when the outer signal is aborted, also if it was before', async () => {
  const leaving = new AbortController();
  const work = withTimeout(clock, 1_000, untilAborted, leaving.signal);
  leaving.abort(new Error('left'));
  await expect(work).rejects.toThrow('left');
  await expect(withTimeout(clock, 1_000, untilAborted, leaving.signal)).rejects.toThrow('left');
  expect(clock.pending()).toBe(0);
});

it('ends the work by its time while the outer signal is not aborted', async () => {
  const work = withTimeout(clock, 1_000, untilAborted, new AbortController().signal);
  const ended = expect(work).rejects.toMatchObject({ name: 'TimeoutError' });
  await clock.advance(1_000);
  await ended;
});
