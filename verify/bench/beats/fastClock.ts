import type { Clock } from '@everbeat/domain';
import { systemClock } from '@everbeat/scheduler';

/** A clock that can convert its time to the host's. */
export interface FastClock extends Clock {
  /** The host's time, in milliseconds, at an instant of this clock. */
  hostMsAt(instant: Date): number;
}

/**
 * A clock that runs `factor` times as fast as the host's. With it, few tasks offer a high load although the
 * shortest interval is one second. The work itself takes its real time.
 */
export function createFastClock(factor: number): FastClock {
  if (factor === 1) return { ...systemClock, hostMsAt: (instant) => instant.getTime() };
  const beganAtMs = Date.now();
  return {
    now: () => new Date(beganAtMs + (Date.now() - beganAtMs) * factor),
    after: (delayMs, callback) => systemClock.after(delayMs / factor, callback),
    hostMsAt: (instant) => beganAtMs + (instant.getTime() - beganAtMs) / factor,
  };
}
