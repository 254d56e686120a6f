import { isSlowed } from './absence';
import type { CompletionPlan } from './completionPlan';
import { DAY_MS } from './durations';
import { LIMITS } from './limits';
import { nextDue } from './nextDue';
import type { ArmIntent } from './plan';
import { type Absence, toInstant } from './schedulerState';
import { isAutomationTrigger } from './status';
import type { TaskState } from './taskState';

/**
 * The end of a run with the next beat as late as it may be while nobody looks. `afterDays`: for how many days
 * its reports must have lain unread; 0: no task is ever slowed down.
 */
export function withAbsence(
  state: TaskState,
  plan: CompletionPlan,
  afterDays: number,
  now: Date,
): CompletionPlan {
  const mayBeSlowed =
    afterDays > 0 && state.automationMode !== null && state.config.absence !== 'keep' && state.hasUnread;
  if (!mayBeSlowed)
    return state.scheduler.absence === undefined
      ? plan
      : { ...plan, arm: byRule(state, plan, now), absence: null };
  if (isByPerson(state))
    return { ...plan, arm: byRule(state, plan, now), absence: { since: toInstant(now) } };
  const since = unreadSince(state, now);
  const overdueMs = now.getTime() - since.getTime() - afterDays * DAY_MS;
  if (overdueMs < 0) return { ...plan, absence: { since: toInstant(since) } };
  const late = slowedArm(state, plan, overdueMs, now);
  const wasSlowed = isSlowed(state);
  const absence: Absence = { since: toInstant(since), ...((wasSlowed || late !== null) && { slowed: true }) };
  return { ...plan, ...(late !== null && { arm: late }), absence, tellsAbsence: late !== null && !wasSlowed };
}

/** Whoever runs a task by hand looks at it. */
const isByPerson = ({ operation }: TaskState): boolean => (operation?.tickToken ?? null) === null;

/**
 * A run by hand that fails leaves the arm as it was (PROTOCOL §4). That of a task that was slowed down is
 * late.
 */
function byRule(state: TaskState, { arm }: CompletionPlan, now: Date): CompletionPlan['arm'] {
  if (arm === null || !isByPerson(state) || !isOfRule(arm)) return arm;
  const { dueAt } = nextDue(state, now);
  const latestMs = Math.max(
    dueAt?.getTime() ?? Number.POSITIVE_INFINITY,
    now.getTime() + (state.config.pacing?.maxSeconds ?? 0) * 1_000,
  );
  return dueAt !== null && arm.dueAt.getTime() > latestMs ? { ...arm, dueAt } : arm;
}

/** Not that of a further attempt, an answer, a check, or a task that waits for its budget. */
const isOfRule = ({ trigger, retry, waitsForBudget }: ArmIntent): boolean =>
  isAutomationTrigger(trigger) && retry === undefined && waitsForBudget !== true;

/**
 * Since when its reports lie unread without anybody having looked. A clock that was ahead is not believed.
 */
function unreadSince({ scheduler, seenAt }: TaskState, now: Date): Date {
  const foundMs = scheduler.absence === undefined ? now.getTime() : Date.parse(scheduler.absence.since);
  return new Date(Math.min(Math.max(foundMs, seenAt?.getTime() ?? 0), now.getTime()));
}

/** Null: the arm stays as it is, because it is none by the rule, or the task beats rarely enough. */
function slowedArm(
  state: TaskState,
  { arm }: CompletionPlan,
  overdueMs: number,
  now: Date,
): CompletionPlan['arm'] {
  if (arm === null || !isOfRule(arm)) return null;
  const step = 1 + Math.floor(overdueMs / (LIMITS.absenceStepDays * DAY_MS));
  const dueAt = isSlot(state, arm.dueAt) ? laterSlot(state, step, now) : laterDue(arm.dueAt, step, now);
  const isPastEnd = arm.endAt !== undefined && dueAt !== null && dueAt > arm.endAt;
  if (dueAt === null || dueAt <= arm.dueAt || isPastEnd) return null;
  return { ...arm, dueAt, dueReason: 'absence' };
}

/** Each step doubles the distance between two beats, up to a day. */
const slowedMs = (distanceMs: number, step: number): number => Math.min(distanceMs * 2 ** step, DAY_MS);

const laterDue = (dueAt: Date, step: number, now: Date): Date =>
  new Date(now.getTime() + slowedMs(dueAt.getTime() - now.getTime(), step));

/** Whether the due time is one of the cron pattern's. An agent may have asked for another. */
function isSlot(state: TaskState, dueAt: Date): boolean {
  if (state.automationMode !== 'schedule') return false;
  return nextDue(state, new Date(dueAt.getTime() - 1)).dueAt?.getTime() === dueAt.getTime();
}

/**
 * A cron task passes over times and stays on the others. The distance is counted from the time for which the
 * run was armed, so that the time that a run takes moves nothing.
 */
function laterSlot(state: TaskState, step: number, now: Date): Date | null {
  const armedMs = Date.parse(state.scheduler.dueAt ?? '');
  const isOfSlot = state.operation?.trigger === 'schedule' && Number.isFinite(armedMs);
  const from = isOfSlot ? new Date(Math.min(armedMs, now.getTime() + LIMITS.earlyToleranceMs)) : now;
  const next = nextDue(state, from).dueAt;
  const distanceMs = next === null ? DAY_MS : next.getTime() - from.getTime();
  if (distanceMs >= DAY_MS) return null;
  const earliestMs = Math.max(from.getTime() + slowedMs(distanceMs, step), now.getTime() + 1);
  return nextDue(state, new Date(earliestMs - 1)).dueAt;
}
