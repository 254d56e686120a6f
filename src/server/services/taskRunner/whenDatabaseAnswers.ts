import { type ClaimedRun, isContention, isDatabaseUnavailable } from '@everbeat/database';
import { errorMessage } from '@everbeat/domain';
import type { RunnerDeps } from './ports';
import { RETRIES_MAX, retryDelay } from './retryDelay';

/**
 * Retries while the database is unavailable or a row is held: the agent has not begun, so neither need fail
 * the run.
 */
export async function whenDatabaseAnswers<Result>(
  deps: RunnerDeps,
  run: ClaimedRun,
  signal: AbortSignal,
  read: { run: () => Promise<Result>; failed: string },
): Promise<Result> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await read.run();
    } catch (error) {
      const isTransient = isDatabaseUnavailable(error) || isContention(error);
      if (!isTransient || signal.aborted || attempt >= RETRIES_MAX) throw error;
      deps.logger.warn({ operationId: run.operationId, attempt, reason: errorMessage(error) }, read.failed);
      await retryDelay(deps, attempt);
    }
  }
}
