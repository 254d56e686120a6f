import type { Clock } from '@everbeat/domain';

/** Node fires a longer timer immediately. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/**
 * The host's time. `after` measures on the monotonic clock, so that setting the host's clock does not move
 * timers. It checks the time again when a timer fires, because Node's timers may fire up to 2 ms early and
 * reach only 24.8 days.
 */
export const systemClock: Clock = {
  now: () => new Date(),

  after(delayMs, callback) {
    const firesAt = performance.now() + delayMs;
    let timer: NodeJS.Timeout;

    const wait = (): void => {
      const remainingMs = Math.max(0, Math.ceil(firesAt - performance.now()));
      timer = setTimeout(check, Math.min(remainingMs, TIMER_MS_MAX));
      timer.unref();
    };
    const check = (): void => {
      if (performance.now() < firesAt) wait();
      else callback();
    };

    wait();
    return () => clearTimeout(timer);
  },
};
