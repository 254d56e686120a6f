import { LIMITS } from './limits';
import { type NextDue, nextDue } from './nextDue';
import type { PlanReason, TaskPlan } from './plan';
import { type Blocker, isAutomationTrigger, type Trigger } from './status';
import type { TaskState } from './taskState';

/** Where a task goes between its runs: what completions, edits, answered briefs and repairs have in common. */

export const UNARMABLE_MESSAGE =
  'The task cannot be scheduled: its interval or schedule is missing or cannot be read. Set it, then start the task again';

export const isFuseBlown = (consecutiveFailures: number): boolean =>
  consecutiveFailures >= LIMITS.fuseFailures;

/** The blocker of a task that is paused: its fuse, where that has blown. */
export const blockerWhilePaused = (state: TaskState): Blocker | null =>
  state.automationMode !== null && isFuseBlown(state.scheduler.consecutiveFailures) ? 'fuse' : null;

/** The mode whose arm this trigger marks; null for an arm that a person, a brief or a dependency asked for. */
export const modeOf = (trigger: Trigger | null) =>
  trigger !== null && isAutomationTrigger(trigger) ? trigger : null;

type Rest = Pick<TaskPlan, 'status' | 'arm' | 'blockedBy'> & Partial<Pick<TaskPlan, 'reason' | 'error'>>;

/**
 * To rest with an arm or with a blocker; out of the loop when that has come to its end; `failed` when the rule gives no
 * time, which is no success that others could build on. Leaving says why by a reason of its own.
 */
export function planRest(state: TaskState, next: NextDue, humanWaiting = state.humanWaiting): Rest {
  const retired = completionReason(state, next);
  if (retired !== null) return { status: 'completed', arm: null, blockedBy: null, reason: retired };
  if (next.dueAt === null) {
    return { status: 'failed', arm: null, blockedBy: null, reason: next.reason, error: UNARMABLE_MESSAGE };
  }
  if (humanWaiting) return { status: 'scheduled', arm: null, blockedBy: 'urgent-brief' };
  const trigger = state.automationMode ?? 'manual';
  return { status: 'scheduled', arm: { dueAt: next.dueAt, trigger }, blockedBy: null };
}

/** Why the loop ends by itself, or null: the topics are used up, the pattern has no next date, the end date would be passed. */
function completionReason(state: TaskState, next: NextDue): PlanReason | null {
  if (state.maxTopics !== null && state.totalTopics >= state.maxTopics) return 'max-topics';
  if (next.dueAt === null) return next.reason === 'no-next-run' ? next.reason : null;
  const { endAt } = state.config;
  return endAt !== undefined && next.dueAt.getTime() > Date.parse(endAt) ? 'end-date' : null;
}

/**
 * The arm that a manual run found, for when that run says nothing: as it was, or due now if it came due meanwhile. The
 * rule decides where there was none, or where an edit during the run has taken its ground away.
 */
export function previousDueAt(state: TaskState, now: Date): NextDue {
  const { dueAt } = state.scheduler;
  if (state.operation?.claimedFrom !== 'scheduled' || dueAt === null) return nextDue(state, now);
  const former = Date.parse(dueAt);
  if (!isOfRule(state, former, now)) return nextDue(state, now);
  return { dueAt: new Date(Math.max(former, now.getTime())) };
}

/** Whether the rule as it is now could have given this due time. An agent's own wish, where it has one, is not told from it. */
function isOfRule(state: TaskState, dueAtMs: number, now: Date): boolean {
  const mode = modeOf(state.scheduler.trigger);
  if (mode !== state.automationMode) return false;
  if (mode === null || state.config.pacing !== undefined) return true;
  if (mode === 'heartbeat')
    return dueAtMs <= (nextDue(state, now).dueAt?.getTime() ?? Number.NEGATIVE_INFINITY);
  return nextDue(state, new Date(dueAtMs - 1)).dueAt?.getTime() === dueAtMs;
}
