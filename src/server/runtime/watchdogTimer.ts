import { errorMessage } from '@everbeat/domain';
import type { Container } from '../container/container';

/**
 * Local mode: one pass of the watchdog at the start, which finds what a crash left behind, then one per
 * interval. A failed pass (the database is unavailable) is logged and the next one follows. Each pass first
 * renews the leases of this process, so that it does not time out its own runs after the host has slept.
 * Returns a function that stops it.
 */
export function startWatchdogTimer({
  env,
  clock,
  logger,
  runner,
  watchdog,
  healthcheck,
}: Container): () => void {
  let isStopped = false;
  let cancelTimer: () => void = () => undefined;

  const pass = async (): Promise<void> => {
    try {
      await runner.renewLeases();
      await watchdog.sweep();
      void healthcheck.succeeded();
    } catch (error) {
      logger.warn({ reason: errorMessage(error) }, 'A pass of the watchdog failed; the next one follows');
      void healthcheck.failed(error);
    }
    if (!isStopped) cancelTimer = clock.after(env.WATCHDOG_INTERVAL_SECONDS * 1_000, () => void pass());
  };
  void pass();
  return () => {
    isStopped = true;
    cancelTimer();
  };
}
