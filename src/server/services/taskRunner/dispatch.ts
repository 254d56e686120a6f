import { type ClaimedRun, takeBackOperation } from '@everbeat/database';
import { AppError, errorMessage } from '@everbeat/domain';
import type { RunnerDeps } from './ports';

/**
 * Sends the caller's own claim to the queue, and rolls it back when the queue does not accept it. The queue
 * may have accepted it although its response was lost, so the operation is taken back first; one that has
 * begun continues.
 * @throws AppError `dispatch-failed` when it was rolled back
 */
export async function dispatchToQueue(
  deps: Pick<RunnerDeps, 'db' | 'clock' | 'logger' | 'settlement'>,
  run: ClaimedRun,
  send: () => Promise<void>,
): Promise<void> {
  try {
    await send();
  } catch (error) {
    const isTakenBack = await takeBackOperation(deps.db, run.operationId, deps.clock.now());
    if (!isTakenBack) return;
    const message = 'The run could not be handed to the queue; nothing was started. Try again in a moment';
    deps.logger.error({ operationId: run.operationId, reason: errorMessage(error) }, message);
    await deps.settlement.rollback({
      taskId: run.state.id,
      userId: run.state.userId,
      operationId: run.operationId,
      topicId: run.topicId,
      errorMessage: message,
    });
    throw new AppError('dispatch-failed', message, { cause: error });
  }
}
