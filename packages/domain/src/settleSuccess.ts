import {
  base,
  type Completion,
  type CompletionPlan,
  dueAfterRun,
  isWaiting,
  planNext,
} from './completionPlan';
import { endStreak } from './failureStreak';
import type { NextDue } from './nextDue';
import { WAITS } from './planRest';
import type { TaskState } from './taskState';

const NO_FAILURES = { consecutiveFailures: 0, lostRuns: undefined, failureBrief: 'recover' } as const;

/**
 * A successful run of a task without automation: it asks for approval, or completes if it is a subtask. While
 * an urgent brief waits for the person it does neither, because the answer decides how the work goes on.
 */
export function settleOneOffSuccess(state: TaskState, completion: Completion): CompletionPlan {
  const plan = succeeded(state, completion);
  if (isWaiting(state, completion)) return { ...plan, ...WAITS, reason: 'human-waiting' };
  if (state.parentTaskId === null)
    return { ...plan, status: 'paused', asksApproval: true, reason: 'awaits-approval' };
  return { ...plan, status: 'completed', reason: 'subtask-done', opensReport: isReported(state, completion) };
}

/**
 * A successful run of a task with automation. That the goal is met is the agent's proposal, unless the task
 * lets the agent decide it.
 */
export function settleAutomationSuccess(state: TaskState, completion: Completion, now: Date): CompletionPlan {
  const plan = succeeded(state, completion);
  if (completion.goalMet && state.config.mayComplete !== true) {
    return { ...plan, ...WAITS, reason: 'done', asksWhetherGoalIsMet: true };
  }
  if (completion.goalMet && !isWaiting(state, completion)) {
    return { ...plan, status: 'completed', reason: 'goal-met' };
  }
  const rest = planNext(state, completion, pacedDue(state, completion.nextRunInSeconds, now));
  const opensReport = rest.status === 'scheduled' && isReported(state, completion);
  return { ...plan, reason: 'done', ...rest, opensReport };
}

function succeeded(state: TaskState, { reportHash }: Completion) {
  const plan = { ...base(state), ...NO_FAILURES, ...endStreak(state) };
  return reportHash === null ? plan : { ...plan, reportHash };
}

/** Whether `config.report` brings the report of a run without any brief to the person. */
function isReported({ config, scheduler }: TaskState, { bringsBrief, reportHash }: Completion): boolean {
  if (bringsBrief) return false;
  if (config.report === 'changes') return reportHash !== scheduler.reportHash;
  return config.report === 'always';
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
