import { isTransient } from '@everbeat/database';
import { type Clock, sleep } from '@everbeat/domain';

/** The delays between attempts of what failed because the database was unavailable. */
const RETRY_MS = [250, 500, 1_000, 2_000, 5_000, 10_000] as const;
export const RETRIES_MAX = RETRY_MS.length;

/** Waits before the attempt that follows `attempt` (from 0). The last delay repeats. */
export const retryDelay = ({ clock }: { clock: Clock }, attempt: number): Promise<void> =>
  sleep(clock, RETRY_MS[Math.min(attempt, RETRIES_MAX - 1)] ?? 0);

/**
 * Makes a read again while the database is away or a row is held, for those whose failure would count as the
 * agent's. Not after `signal` is aborted. `onRetry` hears of each failure after which it is made again.
 * @throws what the read throws last
 */
export async function readPatiently<Result>(
  deps: { clock: Clock },
  read: () => Promise<Result>,
  { signal, onRetry }: { signal?: AbortSignal; onRetry?(error: unknown, attempt: number): void } = {},
): Promise<Result> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await read();
    } catch (error) {
      if (!isTransient(error) || signal?.aborted || attempt >= RETRIES_MAX) throw error;
      onRetry?.(error, attempt);
      await retryDelay(deps, attempt);
    }
  }
}
