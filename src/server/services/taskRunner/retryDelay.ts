import { type Clock, sleep } from '@everbeat/domain';

/** The delays between attempts of what failed because the database was unavailable. */
const RETRY_MS = [250, 500, 1_000, 2_000, 5_000, 10_000] as const;
export const RETRIES_MAX = RETRY_MS.length;

/** Waits before the attempt that follows `attempt` (from 0). The last delay repeats. */
export const retryDelay = ({ clock }: { clock: Clock }, attempt: number): Promise<void> =>
  sleep(clock, RETRY_MS[Math.min(attempt, RETRIES_MAX - 1)] ?? 0);
