import { AppError } from './errors';
import type { TaskState } from './taskState';
import { mayTransition } from './transitions';

export interface ManualRunRequest {
  userId: string;
  /** False when the request names a topic to continue that is not one of the task's. */
  isTopicFound: boolean;
}

/**
 * Whether a person may run a task now: from any status but `running`, whatever is armed or blocked. Returns
 * the revision that the claim must name, and whether the run answers a question about dependencies that have
 * ended, which must be written first. The claim statement guards the same conditions.
 * @throws AppError `task-not-found`, `run-in-flight`, `topic-not-found`
 */
export function decideManualRun(
  state: TaskState | null,
  request: ManualRunRequest,
): { revision: number; startsAnyway: boolean } {
  if (state === null || state.userId !== request.userId) {
    throw new AppError('task-not-found', 'There is no such task');
  }
  if (state.operation !== null || !mayTransition('claim-manual', state.status)) {
    throw new AppError('run-in-flight', 'A run of this task is in flight; wait for it to end, or stop it');
  }
  if (!request.isTopicFound) {
    throw new AppError('topic-not-found', 'The task has no such topic to continue');
  }
  const startsAnyway = state.status === 'backlog' && state.scheduler.endedDependencies !== undefined;
  return { revision: state.revision, startsAnyway };
}
