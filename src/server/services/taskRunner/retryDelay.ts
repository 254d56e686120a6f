import type { Clock } from '@everbeat/domain';

/** How often what the database was away for is tried again, and after how long each time. */
const RETRY_MS = [250, 500, 1_000, 2_000, 5_000, 10_000] as const;
export const RETRIES_MAX = RETRY_MS.length;

/** Waits before the attempt that follows `attempt` (from 0), longer each time. */
export const pauseAfter = ({ clock }: { clock: Clock }, attempt: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(RETRY_MS[Math.min(attempt, RETRIES_MAX - 1)] ?? 0, resolve);
  });
