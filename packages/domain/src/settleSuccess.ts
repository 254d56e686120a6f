import { base, type Completion, type CompletionPlan, dueAfterRun, planNext } from './completionPlan';
import { endStreak } from './failureStreak';
import type { NextDue } from './nextDue';
import type { TaskState } from './taskState';

const NO_FAILURES = { consecutiveFailures: 0, lostRuns: undefined, failureBrief: 'recover' } as const;

/** A successful run of a task without automation: it asks for approval, or completes if it is a subtask. */
export function settleOneOffSuccess(state: TaskState): CompletionPlan {
  const recovered = { ...base(state), ...NO_FAILURES, ...endStreak(state) };
  if (state.parentTaskId !== null) return { ...recovered, status: 'completed', reason: 'subtask-done' };
  return { ...recovered, status: 'paused', asksApproval: true, reason: 'awaits-approval' };
}

/** A successful run of a task with automation. */
export function settleAutomationSuccess(state: TaskState, completion: Completion, now: Date): CompletionPlan {
  const plan = { ...base(state), ...NO_FAILURES, ...endStreak(state) };
  if (completion.goalMet) return { ...plan, status: 'completed', reason: 'goal-met' };
  const next = pacedDue(state, completion.nextRunInSeconds, now);
  return { ...plan, reason: 'done', ...planNext(state, completion, next) };
}

/**
 * The time the agent asks for, within the task's `pacing` bounds, where the task allows it; otherwise the
 * rule.
 */
function pacedDue(state: TaskState, nextRunInSeconds: number | null, now: Date): NextDue {
  const { pacing } = state.config;
  if (nextRunInSeconds === null || pacing === undefined) return dueAfterRun(state, now);
  const seconds = Math.min(Math.max(nextRunInSeconds, pacing.minSeconds), pacing.maxSeconds);
  return { dueAt: new Date(now.getTime() + seconds * 1_000) };
}
