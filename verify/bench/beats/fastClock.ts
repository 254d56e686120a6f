import type { Clock } from '@everbeat/domain';
import { systemClock } from '@everbeat/scheduler';

/** A clock, and what the host's clock shows at an instant of it, in milliseconds. */
export interface FastClock extends Clock {
  hostMsAt(instant: Date): number;
}

/**
 * A clock that goes `factor` times as fast as the host's, so that the shortest interval of one second offers a load that
 * few tasks could not offer otherwise. The work takes its real time.
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
