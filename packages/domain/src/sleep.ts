import type { Clock } from './ports';

/** Resolves once `delayMs` have passed on this clock, or when `signal` is aborted. Never rejects. */
export function sleep(clock: Pick<Clock, 'after'>, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const finish = (): void => {
      cancelTimer();
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const cancelTimer = clock.after(delayMs, finish);
    signal?.addEventListener('abort', finish, { once: true });
  });
}
