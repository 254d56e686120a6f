import { base, type Completion, type CompletionPlan } from './completionPlan';
import { classifyFailure } from './failureClass';
import { blockerWhilePaused } from './planRest';
import { settleFailure } from './settleFailure';
import { settleAutomationSuccess, settleOneOffSuccess } from './settleSuccess';
import type { TaskState } from './taskState';

/** The rules of settlement (PROTOCOL §4) for a task whose operation is running. */
export function decideCompletion(state: TaskState, completion: Completion, now: Date): CompletionPlan {
  if (completion.status === 'interrupted') return interrupted(state);
  const failureClass = classifyFailure(completion);
  if (failureClass !== null) return settleFailure({ state, completion, failureClass, now });
  return state.automationMode === null
    ? settleOneOffSuccess(state)
    : settleAutomationSuccess(state, completion, now);
}

/**
 * A person stopped the run. That is no sign of health or failure, so the last error and a blown fuse remain.
 */
function interrupted(state: TaskState): CompletionPlan {
  return {
    ...base(state),
    error: state.error,
    status: 'paused',
    blockedBy: blockerWhilePaused(state),
    reason: 'interrupted',
  };
}
