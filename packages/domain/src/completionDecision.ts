import { base, type Completion, type CompletionPlan } from './completionPlan';
import { classifyFailure } from './failureClass';
import { blockerWhilePaused, isFuseBlown, stoppedStill, WAITS } from './planRest';
import { isReview } from './reviewState';
import { settleFailure } from './settleFailure';
import { settleReview } from './settleReview';
import { settleSuccess } from './settleSuccess';
import { isAutomationTrigger } from './status';
import type { TaskState } from './taskState';

/** The rules of settlement (PROTOCOL §4) for a task whose operation is running. */
export function decideCompletion(state: TaskState, completion: Completion, now: Date): CompletionPlan {
  if (completion.status === 'interrupted') return interrupted(state);
  const isReached = completion.goalMet && state.automationMode !== null;
  if (completion.status === 'budget' && !isReached) return outOfBudget(state);
  if (isReview(state)) return settleReview(state, completion, now);
  const failureClass = classifyFailure(completion);
  const counted = failureClass === null || failureClass === 'agent' ? countRun(state) : state;
  if (failureClass !== null) return settleFailure({ state: counted, completion, failureClass, now });
  return settleSuccess(counted, completion, now);
}

/**
 * Only runs that the automation started use up `maxTopics`. One that a person stopped does not, nor one that
 * is tried again.
 */
function countRun(state: TaskState): TaskState {
  const { operation, scheduler } = state;
  if (operation === null || !isAutomationTrigger(operation.trigger)) return state;
  return { ...state, scheduler: { ...scheduler, automationRuns: scheduler.automationRuns + 1 } };
}

/**
 * A person stopped the run. That is no sign of health or failure, so the last error remains, what had stopped
 * the task before, and work that waits for its check.
 */
function interrupted(state: TaskState): CompletionPlan {
  return {
    ...base(state),
    error: state.error,
    status: 'paused',
    ...stoppedStill(state),
    review: state.scheduler.review,
    reason: 'interrupted',
  };
}

/**
 * A cap left no room for more of the run (PROTOCOL §10). That is no failure, and none of the runs of
 * `maxTopics`: the person is asked, and the task waits for the answer.
 */
function outOfBudget(state: TaskState): CompletionPlan {
  const rest = isFuseBlown(state.scheduler.consecutiveFailures)
    ? ({ status: 'paused', blockedBy: blockerWhilePaused(state) } as const)
    : WAITS;
  const { review } = state.scheduler;
  return { ...base(state), review, error: state.error, ...rest, reason: 'budget', asksForBudget: true };
}
