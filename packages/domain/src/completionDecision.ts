import { LIMITS } from './limits';
import { type NextDue, nextDue } from './nextDue';
import type { ArmIntent, TaskPlan } from './plan';
import { isAutomationTrigger, type SettledStatus } from './status';
import type { TaskState } from './taskState';

/** How an operation ended, as far as the decision needs to know. */
export interface Completion {
  status: SettledStatus;
  errorMessage: string | null;
  goalMet: boolean;
  /** The agent's own wish for its next wake-up. */
  nextRunInSeconds: number | null;
  /** Whether the completion itself brings an urgent brief that waits for the person. */
  bringsUrgentBrief: boolean;
}

export interface CompletionPlan extends TaskPlan {
  /** What happens to the one error brief of the streak. */
  failureBrief: 'open' | 'recover' | 'keep';
  /** Whether a `result` brief asks the person to approve. */
  asksApproval: boolean;
}

/** The rules of settlement (PROTOCOL section 4) for a task whose operation is running. */
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

/** A person stopped it: that says nothing of its health. */
function interrupted(state: TaskState): CompletionPlan {
  return { ...base(state), status: 'paused', reason: 'interrupted' };
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
  return { ...plan, ...rest(state, completion, next, 'done') };
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
  const next = counts ? nextDue(state, now) : formerDue(state, now);
  return { ...plan, ...rest(state, completion, next, completion.status) };
}

export const isFuseBlown = (consecutiveFailures: number): boolean =>
  consecutiveFailures >= LIMITS.fuseFailures;

/** Where a task of the loop goes after a run: to rest with an arm or a blocker, or out of the loop. */
function rest(
  state: TaskState,
  completion: Completion,
  next: NextDue,
  reason: string,
): Pick<TaskPlan, 'status' | 'arm' | 'blockedBy' | 'reason'> {
  const retired = retirement(state, next);
  if (retired !== null) return { status: 'completed', arm: null, blockedBy: null, reason: retired };
  if (state.humanWaiting || completion.bringsUrgentBrief) {
    return { status: 'scheduled', arm: null, blockedBy: 'urgent-brief', reason };
  }
  return { status: 'scheduled', arm: armOf(state, next), blockedBy: null, reason };
}

/** Why the loop ends by itself, or null: the topics are used up, the end date would be passed, the pattern has no next date. */
export function retirement(state: TaskState, next: NextDue): string | null {
  if (state.maxTopics !== null && state.totalTopics >= state.maxTopics) return 'max-topics';
  if (next.dueAt === null) return next.reason;
  const { endAt } = state.config;
  return endAt !== undefined && next.dueAt.getTime() > Date.parse(endAt) ? 'end-date' : null;
}

export const armOf = (state: TaskState, next: NextDue): ArmIntent | null =>
  next.dueAt === null ? null : { dueAt: next.dueAt, trigger: state.automationMode ?? 'manual' };

/** The agent's wish, where the task allows one, clamped to the task's bounds; else the rule. */
function pacedDue(state: TaskState, nextRunInSeconds: number | null, now: Date): NextDue {
  const { pacing } = state.config;
  if (nextRunInSeconds === null || pacing === undefined) return nextDue(state, now);
  const seconds = Math.min(Math.max(nextRunInSeconds, pacing.minSeconds), pacing.maxSeconds);
  return { dueAt: new Date(now.getTime() + seconds * 1_000) };
}

/** A manual run that failed leaves the arm as it was; one that came due meanwhile is due now. */
function formerDue(state: TaskState, now: Date): NextDue {
  const former = state.scheduler.dueAt;
  if (state.operation?.claimedFrom !== 'scheduled' || former === null) return nextDue(state, now);
  return { dueAt: new Date(Math.max(Date.parse(former), now.getTime())) };
}

/**
 * Undoes a manual claim whose operation never started (only the caller that made the claim asks for it): the task is
 * what it was, with its former arm.
 */
export function decideRollback(state: TaskState, now: Date): TaskPlan {
  const claimedFrom = state.operation?.claimedFrom ?? 'paused';
  const plan = { ...base(state), reason: 'rolled-back', supersede: 'manual-run' } as const;
  if (claimedFrom !== 'scheduled') {
    const blockedBy = isFuseBlown(state.scheduler.consecutiveFailures) ? 'fuse' : null;
    return { ...plan, status: claimedFrom, blockedBy };
  }
  if (state.humanWaiting) return { ...plan, status: 'scheduled', blockedBy: 'urgent-brief' };
  const next = formerDue(state, now);
  const trigger = state.scheduler.trigger ?? state.automationMode ?? 'manual';
  return { ...plan, status: 'scheduled', arm: { dueAt: next.dueAt ?? now, trigger } };
}
