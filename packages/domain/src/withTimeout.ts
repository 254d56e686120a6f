import type { Clock } from './ports';

/**
 * Settles as `work` does, whose signal is aborted with a `TimeoutError` once `limitMs` have passed on this
 * clock, or with the reason of `signal` once that is. `work` must end soon after: it is waited for.
 */
export async function withTimeout<Result>(
  clock: Pick<Clock, 'after'>,
  limitMs: number,
  work: (signal: AbortSignal) => Promise<Result>,
  signal?: AbortSignal,
): Promise<Result> {
  const timeout = new AbortController();
  const stopTimer = clock.after(limitMs, () => timeout.abort(timeoutError()));
  try {
    return await work(signal === undefined ? timeout.signal : AbortSignal.any([signal, timeout.signal]));
  } finally {
    stopTimer();
  }
}

/** As that of `AbortSignal.timeout`. */
const timeoutError = (): DOMException =>
  new DOMException('The operation was aborted due to timeout', 'TimeoutError');
