import { isDatabaseUnavailable } from '@everbeat/database';
import { errorMessage, type TaskState } from '@everbeat/domain';
import type { OperationCompletion } from '../taskLifecycle/TaskLifecycleService';
import type { RunnerDeps } from './ports';
import { pauseAfter, RETRIES_MAX } from './retryDelay';

/**
 * Settles, also across an outage of the database: in local mode by trying until it is back or the process stops. In queue
 * mode a request must not hang on it: one more try, at once, mends a broken connection, then the outcome goes to the
 * queue, which delivers it later. Never throws; what is lost all the same (a crash) is settled by the watchdog as a timeout.
 */
export async function settleWithRetries(
  deps: RunnerDeps,
  completion: OperationCompletion,
  known: TaskState | undefined,
  isStopping: () => boolean,
): Promise<void> {
  const { operationId, taskId } = completion;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const answer = await deps.settlement.settle(completion, known);
      if (!answer.settled)
        deps.logger.info({ operationId, taskId, reason: answer.reason }, 'A run had ended before');
      return;
    } catch (error) {
      const reason = errorMessage(error);
      const isPassing = isDatabaseUnavailable(error);
      deps.logger.warn({ operationId, taskId, attempt, reason }, 'A run could not be settled yet');
      if (deps.queue !== null && (!isPassing || attempt > 0)) return completeByQueue(deps, completion);
      if (isStopping() || (!isPassing && attempt >= RETRIES_MAX)) {
        deps.logger.error(
          { operationId, taskId, reason },
          'A run was not settled; the watchdog will time it out',
        );
        return;
      }
    }
    if (deps.queue === null) await pauseAfter(deps, attempt);
  }
}

async function completeByQueue(deps: RunnerDeps, completion: OperationCompletion): Promise<void> {
  const { operationId, taskId } = completion;
  try {
    await deps.queue?.complete(completion);
    deps.logger.warn(
      { operationId, taskId },
      'The outcome of a run was handed to the queue, to be settled later',
    );
  } catch (error) {
    const reason = errorMessage(error);
    deps.logger.error(
      { operationId, taskId, reason },
      'A run was not settled; the watchdog will time it out',
    );
  }
}
