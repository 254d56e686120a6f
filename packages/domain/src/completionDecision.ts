import { LIMITS } from './limits';
import { type NextDue, nextDue } from './nextDue';
import type { TaskPlan } from './plan';
import { blockerWhilePaused, isFuseBlown, modeOf, planRest, previousDueAt } from './planRest';
import { isAutomationTrigger, type SettledStatus } from './status';
import type { TaskState } from './taskState';

/** How an operation ended, as far as the decision needs to know. */
export interface Completion {
  status: SettledStatus;
  errorMessage: string | null;
  goalMet: boolean;
  /** When the agent asks to run again, in seconds from now. */
  nextRunInSeconds: number | null;
  /** Whether the completion adds an urgent brief that waits for the person. */
  bringsUrgentBrief: boolean;
}

export interface CompletionPlan extends TaskPlan {
  /**
   * What happens to the one error brief of consecutive failures: opened or updated, resolved, or left
   * unchanged.
   */
  failureBrief: 'open' | 'recover' | 'keep';
  /** Whether to open a `result` brief that asks the person for approval. */
  asksApproval: boolean;
}

/** The rules of settlement (PROTOCOL §4) for a task whose operation is running. */
export function decideCompletion(state: TaskState, completion: Completion, now: Date): CompletionPlan {
  if (completion.status === 'interrupted') return interrupted(state);
  if (state.automationMode === null) return settleOneOff(state, completion);
  if (completion.status === 'done') return settleAutomationSuccess(state, completion, now);
  return settleAutomationFailure(state, completion, now);
}

const base = (state: TaskState) =>
  ({
    arm: null,
    blockedBy: null,
    consecutiveFailures: state.scheduler.consecutiveFailures,
    error: null,
    failureBrief: 'keep',
    asksApproval: false,
    supersede: 'manual-run',
  }) satisfies Partial<CompletionPlan>;

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

function settleOneOff(state: TaskState, completion: Completion): CompletionPlan {
  if (completion.status !== 'done') {
    return {
      ...base(state),
      status: 'paused',
      error: completion.errorMessage,
      failureBrief: 'open',
      reason: completion.status,
    };
  }
  const recovered = { ...base(state), consecutiveFailures: 0, failureBrief: 'recover' } as const;
  if (state.parentTaskId !== null) return { ...recovered, status: 'completed', reason: 'subtask-done' };
  return { ...recovered, status: 'paused', asksApproval: true, reason: 'awaits-approval' };
}

function settleAutomationSuccess(state: TaskState, completion: Completion, now: Date): CompletionPlan {
  const plan = { ...base(state), consecutiveFailures: 0, failureBrief: 'recover' } as const;
  if (completion.goalMet) return { ...plan, status: 'completed', reason: 'goal-met' };
  const next = pacedDue(state, completion.nextRunInSeconds, now);
  return { ...plan, reason: 'done', ...planNext(state, completion, next) };
}

function settleAutomationFailure(state: TaskState, completion: Completion, now: Date): CompletionPlan {
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

const planNext = (state: TaskState, completion: Completion, next: NextDue) =>
  planRest(state, next, state.humanWaiting || completion.bringsUrgentBrief);

/**
 * The next due time by the rule. A tick may start a moment before its cron time; a run that ends before that
 * time as well is not armed for it again.
 */
function dueAfterRun(state: TaskState, now: Date): NextDue {
  const earlyMs = Date.parse(state.scheduler.dueAt ?? '') - now.getTime();
  const isEarly =
    state.operation?.trigger === 'schedule' && earlyMs > 0 && earlyMs <= LIMITS.earlyToleranceMs;
  return nextDue(state, isEarly ? new Date(now.getTime() + earlyMs) : now);
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

/**
 * Undoes a manual claim whose operation never started: the task returns to its previous status and arm. Only
 * the caller that made the claim asks for it. A task whose automation was removed meanwhile is paused, as
 * that edit would have done.
 */
export function decideRollback(state: TaskState, now: Date): TaskPlan {
  const claimedFrom = state.operation?.claimedFrom ?? 'paused';
  const { trigger, blockedBy } = state.scheduler;
  const plan = { ...base(state), error: state.error, reason: 'rolled-back' } as const;
  if (claimedFrom !== 'scheduled') return { ...plan, status: claimedFrom, blockedBy };
  if (state.automationMode === null && modeOf(trigger) !== null) return { ...plan, status: 'paused' };
  if (state.humanWaiting) return { ...plan, status: 'scheduled', blockedBy: 'urgent-brief' };
  const dueAt = previousDueAt(state, now).dueAt ?? now;
  return {
    ...plan,
    status: 'scheduled',
    arm: { dueAt, trigger: state.automationMode ?? trigger ?? 'manual' },
  };
}
