import type { Clock } from '@everbeat/domain';

export interface TestClock extends Clock {
  /**
   * Lets `ms` pass. Every timer that becomes due fires at its own time, in order; before the next one fires,
   * the asynchronous work that it started gets to run.
   * @throws Error if timers fire at one moment without end, which on a real clock would keep a processor busy
   */
  advance(ms: number): Promise<void>;
  /**
   * Sets the clock forwards or backwards, as an operator does. Timers still fire after their original delay.
   */
  set(date: Date): void;
  /** The number of pending timers. */
  pending(): number;
  /**
   * Makes `advance` also wait for `settled` after each timer, e.g. for requests under way. Returns its
   * removal.
   */
  settleWith(settled: () => Promise<void>): () => void;
}

interface Timer {
  /** In elapsed time, which does not change when the clock is set. */
  firesAtElapsedMs: number;
  callback: () => void;
}

/** So many timers at one moment are set by something that waits for nothing. */
const TIMERS_AT_ONCE_MAX = 2_000;

/** How many turns of the event loop the work between two timers gets. */
const SETTLE_TURNS = 5;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A clock that stands still until the test advances it. */
export function createTestClock(start: Date | string = '2026-01-01T00:00:00.000Z'): TestClock {
  let elapsedMs = 0;
  let offsetMs = new Date(start).getTime();
  const timers = new Set<Timer>();
  const settlers = new Set<() => Promise<void>>();

  const settle = async (): Promise<void> => {
    for (let turns = 0; turns < SETTLE_TURNS; turns += 1) await turn();
    for (const settled of settlers) await settled();
  };

  /** The earliest timer; of several at the same time, the oldest: a Set iterates in insertion order. */
  const nextTimer = (untilElapsedMs: number): Timer | undefined => {
    let next: Timer | undefined;
    for (const timer of timers) {
      if (timer.firesAtElapsedMs > untilElapsedMs) continue;
      if (next === undefined || timer.firesAtElapsedMs < next.firesAtElapsedMs) next = timer;
    }
    return next;
  };

  return {
    now: () => new Date(offsetMs + elapsedMs),

    after(delayMs, callback) {
      const timer: Timer = { firesAtElapsedMs: elapsedMs + Math.max(0, delayMs), callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },

    async advance(ms) {
      const untilElapsedMs = elapsedMs + ms;
      let atOnce = 0;
      await settle();
      for (let timer = nextTimer(untilElapsedMs); timer !== undefined; timer = nextTimer(untilElapsedMs)) {
        timers.delete(timer);
        atOnce = timer.firesAtElapsedMs > elapsedMs ? 1 : atOnce + 1;
        if (atOnce > TIMERS_AT_ONCE_MAX)
          throw new Error(
            `${TIMERS_AT_ONCE_MAX} timers have fired at one moment: one is set again and again`,
          );
        elapsedMs = Math.max(elapsedMs, timer.firesAtElapsedMs);
        timer.callback();
        await settle();
      }
      elapsedMs = untilElapsedMs;
    },

    set(date) {
      offsetMs = date.getTime() - elapsedMs;
    },

    pending: () => timers.size,

    settleWith(settled) {
      settlers.add(settled);
      return () => settlers.delete(settled);
    },
  };
}
