import type { Clock } from '@everbeat/domain';

export interface TestClock extends Clock {
  /**
   * Lets `ms` pass: every timer that falls due fires at its own instant, in order, and what it set in motion comes
   * to rest before the next one fires.
   */
  advance(ms: number): Promise<void>;
  /** Sets the clock, as an operator does: forwards or backwards, and no timer fires any sooner for it. */
  set(date: Date): void;
  /** How many timers wait. */
  pending(): number;
  /** `advance` waits for this too after each timer, e.g. for requests under way. Returns its removal. */
  settleWith(settled: () => Promise<void>): () => void;
}

interface Timer {
  /** Counts time that has passed, which setting the clock does not change. */
  firesAtElapsedMs: number;
  callback: () => void;
}

/** Turns of the event loop that work between two timers may take before it counts as at rest. */
const SETTLE_TURNS = 5;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Time that stands still until a test lets it pass. */
export function createTestClock(start: Date | string = '2026-01-01T00:00:00.000Z'): TestClock {
  let elapsedMs = 0;
  let offsetMs = new Date(start).getTime();
  const timers = new Set<Timer>();
  const settlers = new Set<() => Promise<void>>();

  const settle = async (): Promise<void> => {
    for (let turns = 0; turns < SETTLE_TURNS; turns += 1) await turn();
    for (const settled of settlers) await settled();
  };

  /** The earliest by time, then by age: a Set keeps the order of insertion. */
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
      await settle();
      for (let timer = nextTimer(untilElapsedMs); timer !== undefined; timer = nextTimer(untilElapsedMs)) {
        timers.delete(timer);
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
