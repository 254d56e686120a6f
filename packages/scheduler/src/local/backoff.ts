import type { Clock } from '@everbeat/domain';

const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 30_000;

/** Waits twice as long after each failure in a row, until it succeeds again. */
export class Backoff {
  failures = 0;
  private cancelTimer: (() => void) | null = null;

  constructor(private readonly clock: Clock) {}

  get isWaiting(): boolean {
    return this.cancelTimer !== null;
  }

  succeeded(): void {
    this.failures = 0;
  }

  /** Calls `retry` after the wait, unless it is canceled before. Returns the wait in milliseconds. */
  failed(retry: () => void): number {
    const delayMs = Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** this.failures);
    this.failures += 1;
    this.cancel();
    this.cancelTimer = this.clock.after(delayMs, () => {
      this.cancelTimer = null;
      retry();
    });
    return delayMs;
  }

  cancel(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
  }
}
