import { isTransient } from '@everbeat/database';
import { errorMessage, type TaskState } from '@everbeat/domain';
import type { OperationCompletion } from '../taskLifecycle/completion';
import type { RunnerDeps } from './ports';
import { RETRIES_MAX, retryDelay } from './retryDelay';

/**
 * Settles a run even if the database is unavailable for a while, or another session holds a row of the task.
 * In local mode it retries until that is over or the process stops. In queue mode the request must not hang:
 * it retries once, immediately, in case a connection was broken, then hands the outcome to the queue, which
 * delivers it later. Never throws. An outcome that is lost all the same (a crash) is settled by the watchdog.
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
      const result = await deps.settlement.settle(completion, attempt === 0 ? { known } : { wait: 'alone' });
      if (!result.settled)
        deps.logger.info({ operationId, taskId, reason: result.reason }, 'The run had been settled before');
      return;
    } catch (error) {
      const reason = errorMessage(error);
      const mayPass = isTransient(error);
      deps.logger.warn({ operationId, taskId, attempt, reason }, 'A run could not be settled yet');
      if (deps.queue !== null && (!mayPass || attempt > 0)) return completeByQueue(deps, completion);
      if (isStopping() || (!mayPass && attempt >= RETRIES_MAX)) {
        deps.logger.error(
          { operationId, taskId, reason },
          'A run was not settled; the watchdog will time it out',
        );
        return;
      }
    }
    if (deps.queue === null) await retryDelay(deps, attempt);
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
