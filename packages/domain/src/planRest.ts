import { latestSlowedMs } from './absence';
import { LIMITS } from './limits';
import { type AutomationRule, type NextDue, nextDue } from './nextDue';
import type { ArmIntent, PlanReason, TaskPlan } from './plan';
import { type Blocker, isAutomationTrigger, type Trigger } from './status';
import type { TaskState } from './taskState';

/**
 * Where a task goes between its runs: shared by completions, edits, resolved briefs and repairs
 * (PROTOCOL §4).
 */

export const UNARMABLE_MESSAGE =
  'The task cannot be scheduled: its interval or schedule is missing or cannot be read. Set it, then start the task again';

export const isFuseBlown = (consecutiveFailures: number): boolean =>
  consecutiveFailures >= LIMITS.fuseFailures;

/** The blocker of a paused task: the fuse, if it has blown. */
export const blockerWhilePaused = (state: TaskState): Blocker | null =>
  state.automationMode !== null && isFuseBlown(state.scheduler.consecutiveFailures) ? 'fuse' : null;

/**
 * Why the system has stopped a task, which remains while only a person's act, such as stopping a run, leaves
 * it paused.
 */
export const stoppedStill = (state: TaskState): Pick<TaskPlan, 'blockedBy' | 'needsPerson'> => ({
  blockedBy: blockerWhilePaused(state),
  needsPerson: state.scheduler.needsPerson,
});

/** The automation mode that armed with this trigger; null for arms by a person, a brief or a dependency. */
export const modeOf = (trigger: Trigger | null) =>
  trigger !== null && isAutomationTrigger(trigger) ? trigger : null;

/** The failures so far, which most decisions carry over. */
export const failuresOf = ({ scheduler }: TaskState) => ({
  consecutiveFailures: scheduler.consecutiveFailures,
  streak: scheduler.streak,
  lostRuns: scheduler.lostRuns,
});
/**
 * An arm of the task. With automation its run does not start after the end date; work that was done before is
 * checked all the same.
 */
export function armFor(
  { automationMode, config }: Pick<TaskState, 'automationMode' | 'config'>,
  dueAt: Date,
  trigger: Trigger,
  more: Pick<ArmIntent, 'continueTopicId' | 'retry' | 'waitsForBudget'> = {},
): ArmIntent {
  const { endAt } = config;
  return {
    dueAt,
    trigger,
    ...more,
    ...(automationMode !== null && trigger !== 'review' && endAt !== undefined && { endAt: new Date(endAt) }),
  };
}

export const isPastEnd = ({ config }: Pick<TaskState, 'config'>, at: Date): boolean =>
  config.endAt !== undefined && at.getTime() > Date.parse(config.endAt);

type Rest = Pick<TaskPlan, 'status' | 'arm' | 'blockedBy'> & Partial<Pick<TaskPlan, 'reason' | 'error'>>;

/**
 * Blocks the task while an urgent brief waits for the person, whatever else there is to do. Otherwise arms
 * it, completes it when its loop has ended, or fails it when its rule gives no due time: that is no success,
 * so it must not unlock dependents. Completing and failing have reasons of their own.
 */
export function planRest(state: TaskState, next: NextDue, humanWaiting = state.humanWaiting): Rest {
  if (humanWaiting) return WAITS;
  const reason = completionReason(state, next);
  if (reason !== null) return { status: 'completed', arm: null, blockedBy: null, reason };
  if (next.dueAt === null) {
    return { status: 'failed', arm: null, blockedBy: null, reason: next.reason, error: UNARMABLE_MESSAGE };
  }
  const { dueAt, ...more } = next;
  const arm = armFor(state, dueAt, state.automationMode ?? 'manual', more);
  return { status: 'scheduled', arm, blockedBy: null };
}

/** At rest until the person has answered. */
export const WAITS = { status: 'scheduled', arm: null, blockedBy: 'urgent-brief' } as const satisfies Rest;

/**
 * Why the loop ends: all runs are used, the pattern has no next date, or the end date would be passed. Else
 * null. Without automation there is no loop: the limits of an earlier one do not end the task.
 */
function completionReason(state: TaskState, next: NextDue): PlanReason | null {
  if (state.automationMode === null) return null;
  if (state.maxTopics !== null && state.scheduler.automationRuns >= state.maxTopics) return 'max-topics';
  if (next.dueAt === null) return next.reason === 'no-next-run' ? next.reason : null;
  return isPastEnd(state, next.dueAt) ? 'end-date' : null;
}

/**
 * The due time that a manual run must leave as it was, because a failure or a rollback of it says nothing
 * about the schedule: the previous one, or now if it has passed. The rule decides where there was none, or
 * where an edit during the run has invalidated it.
 */
export function previousDueAt(state: TaskState, now: Date): NextDue {
  const { dueAt } = state.scheduler;
  if (state.operation?.claimedFrom !== 'scheduled' || dueAt === null) return nextDue(state, now);
  const previous = Date.parse(dueAt);
  if (!couldBeOfRule(state, previous, now)) return nextDue(state, now);
  const { retry, waitsForBudget } = state.scheduler;
  return { dueAt: new Date(Math.max(previous, now.getTime())), retry, waitsForBudget };
}

/**
 * Whether the current rule could have given this due time. With `pacing` any time up to its longest wait
 * could: the agent may have asked for it. A further attempt at an occurrence has a wait of its own.
 */
function couldBeOfRule(state: TaskState, dueAtMs: number, now: Date): boolean {
  const mode = modeOf(state.scheduler.trigger);
  if (mode !== state.automationMode || dueAtMs > latestDueMs(state, now)) return false;
  const { retry, waitsForBudget } = state.scheduler;
  const hasOwnTime = state.config.pacing !== undefined || retry !== undefined || waitsForBudget === true;
  if (mode !== 'schedule' || hasOwnTime) return true;
  return nextDue(state, new Date(dueAtMs - 1)).dueAt?.getTime() === dueAtMs;
}

/** What an answer may start of a task without automation. */
const ANSWERED = ['brief', 'review', 'rework'] as const satisfies Trigger[];

type Rule = AutomationRule & Pick<TaskState, 'config' | 'scheduler' | 'seenAt'>;

/**
 * The latest due time that a decision made now could give: one interval ahead, the next cron time, the
 * longest wait of `pacing`, or now for a task without automation; the wait of an answer, of a further
 * attempt, or for a budget, or the longest of a task that is slowed down, if that is longer. Negative
 * infinity when the rule gives none.
 */
function latestDueMs(rule: Rule, now: Date): number {
  const { pacing } = rule.config;
  const pacedSeconds = rule.automationMode === null ? 0 : (pacing?.maxSeconds ?? 0);
  const { retry, waitsForBudget } = rule.scheduler;
  const budgetSeconds = waitsForBudget ? LIMITS.budgetWaitSecondsMax : 0;
  // An answer waits so long before it wakes its task; "retry" arms a task with automation by its own trigger.
  const mayBeAnswer =
    rule.automationMode !== null || ANSWERED.some((trigger) => trigger === rule.scheduler.trigger);
  const answerSeconds = mayBeAnswer ? LIMITS.undoSeconds : 0;
  const waitSeconds = Math.max(answerSeconds, pacedSeconds, retry?.waitSeconds ?? 0, budgetSeconds);
  const waitedMs = now.getTime() + waitSeconds * 1_000;
  if (rule.automationMode === null) return waitedMs;
  const byRule = nextDue(rule, now).dueAt?.getTime();
  if (byRule === undefined) return Number.NEGATIVE_INFINITY;
  return Math.max(byRule, waitedMs, latestSlowedMs(rule, now));
}

/**
 * Whether the task is armed further ahead than its rule allows from now (PROTOCOL §8, invariant 18), because
 * a clock was ahead when it was armed or the rule was changed by hand. An arm whose rule gives no due time is
 * left to its tick, which is skipped and ends the arm, unless it is further ahead than the longest interval.
 */
export function isDueTooFar(state: Rule, now: Date, toleranceMs: number = LIMITS.earlyToleranceMs): boolean {
  const { tickToken, dueAt } = state.scheduler;
  if (tickToken === null || dueAt === null) return false;
  const latestNow = new Date(now.getTime() + toleranceMs);
  const byRuleMs = latestDueMs(state, latestNow);
  const withoutRuleMs = latestNow.getTime() + LIMITS.heartbeatSecondsMax * 1_000;
  return Date.parse(dueAt) > (Number.isFinite(byRuleMs) ? byRuleMs : withoutRuleMs);
}
