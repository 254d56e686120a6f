import { errorMessage } from '@everbeat/domain';
import type { Container } from '../container/container';

/**
 * Local mode: a pass of the watchdog at the start, which finds what a crash left behind, and then one after every
 * interval. A pass that fails, because the database is away, is followed by the next. Answers the way to stop it.
 * After a sleep of the host, or of the database, this process's own runs live on: their leases are beaten first.
 */
export function startWatchdogTimer({ env, clock, logger, runner, watchdog }: Container): () => void {
  let isStopped = false;
  let cancelTimer: () => void = () => undefined;

  const pass = async (): Promise<void> => {
    try {
      await runner.renewLeases();
      await watchdog.sweep();
    } catch (error) {
      logger.warn({ reason: errorMessage(error) }, 'A pass of the watchdog failed; the next one follows');
    }
    if (!isStopped) cancelTimer = clock.after(env.WATCHDOG_INTERVAL_SECONDS * 1_000, () => void pass());
  };
  void pass();
  return () => {
    isStopped = true;
    cancelTimer();
  };
}
