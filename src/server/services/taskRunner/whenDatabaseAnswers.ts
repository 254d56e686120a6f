import type { ClaimedRun } from '@everbeat/database';
import { errorMessage } from '@everbeat/domain';
import type { RunnerDeps } from './ports';
import { readPatiently } from './retryDelay';

/**
 * Reads patiently for a run whose agent has not begun or has ended, so that neither an absent database nor a
 * held row need fail the run. `failed` is what the log says of each failure.
 */
export const whenDatabaseAnswers = <Result>(
  { clock, logger }: RunnerDeps,
  { operationId }: ClaimedRun,
  signal: AbortSignal,
  { run, failed }: { run: () => Promise<Result>; failed: string },
): Promise<Result> =>
  readPatiently({ clock }, run, {
    signal,
    onRetry: (error, attempt) => logger.warn({ operationId, attempt, reason: errorMessage(error) }, failed),
  });
