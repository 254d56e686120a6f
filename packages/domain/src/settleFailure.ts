import { base, type Completion, type CompletionPlan, dueAfterRun, planNext } from './completionPlan';
import { isFuseBlown, previousDueAt } from './planRest';
import { isAutomationTrigger } from './status';
import type { TaskState } from './taskState';

/** A failed run of a task without automation: it is paused with the error. */
export function settleOneOffFailure(state: TaskState, completion: Completion): CompletionPlan {
  return {
    ...base(state),
    status: 'paused',
    error: completion.errorMessage,
    failureBrief: 'open',
    reason: completion.status,
  };
}

/** A failed run of a task with automation: counted if the automation started it, until the fuse blows. */
export function settleAutomationFailure(state: TaskState, completion: Completion, now: Date): CompletionPlan {
  const trigger = state.operation?.trigger ?? 'manual';
  const counts = isAutomationTrigger(trigger);
  const consecutiveFailures = state.scheduler.consecutiveFailures + (counts ? 1 : 0);
  const plan = {
    ...base(state),
    consecutiveFailures,
    error: completion.errorMessage,
    failureBrief: 'open',
  } as const;
  if (isFuseBlown(consecutiveFailures)) {
    return { ...plan, status: 'paused', blockedBy: 'fuse', reason: counts ? 'fuse' : completion.status };
  }
  const next = counts ? dueAfterRun(state, now) : previousDueAt(state, now);
  return { ...plan, reason: completion.status, ...planNext(state, completion, next) };
}
