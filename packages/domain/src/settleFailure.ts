import {
  base,
  type Completion,
  type CompletionPlan,
  dueAfterRun,
  isWaiting,
  planNext,
} from './completionPlan';
import { mayBlameTask } from './failureClass';
import { continueStreak, endStreak } from './failureStreak';
import { LIMITS } from './limits';
import { armFor, blockerWhilePaused, isFuseBlown, planRest, previousDueAt } from './planRest';
import { retryWaitSeconds } from './retryWait';
import { isReview, pendingArm } from './reviewState';
import { type FailureClass, isAutomationTrigger, type StreakClass } from './status';
import type { TaskState } from './taskState';

interface FailedRun {
  state: TaskState;
  completion: Completion;
  failureClass: FailureClass;
  now: Date;
}

/** A run that failed: why decides what follows (PROTOCOL §4.1). */
export function settleFailure(run: FailedRun): CompletionPlan {
  switch (run.failureClass) {
    case 'transient':
    case 'rate-limit':
      return settleAway(run, run.failureClass);
    case 'lost':
      return settleLost(run);
    case 'needs-person':
      return settleNeedsPerson(run);
    case 'agent':
      return settleStrike(run, { ...endStreak(run.state), lostRuns: undefined });
  }
}

const planFor = ({ state, completion, failureClass }: FailedRun) => ({
  ...base(state),
  review: goesOn(state) ? state.scheduler.review : undefined,
  failureClass,
  error: completion.errorMessage,
  reason: completion.status,
});

/** Whether the run belongs to work that was handed in and does not count yet. */
const goesOn = ({ operation }: TaskState): boolean =>
  operation?.trigger === 'review' || operation?.trigger === 'rework';

const triggerOf = ({ operation }: TaskState) => operation?.trigger ?? 'manual';

/** Whether a person ran it beside its automation, which says nothing of the automation's health. */
const isBesideAutomation = (state: TaskState): boolean =>
  state.automationMode !== null && (state.operation?.tickToken ?? null) === null;

/** The agent's own failure: a strike if the automation started the run, until the fuse blows. */
function settleStrike(run: FailedRun, change: Partial<CompletionPlan>): CompletionPlan {
  const { state, completion, now } = run;
  const plan = { ...planFor(run), ...change, failureBrief: 'open' } as const;
  if (state.automationMode === null) return { ...plan, status: 'paused' };
  if (!isAutomationTrigger(triggerOf(state))) return { ...plan, review: undefined, ...restAsBefore(run) };
  const consecutiveFailures = state.scheduler.consecutiveFailures + 1;
  const struck = { ...plan, consecutiveFailures };
  if (isFuseBlown(consecutiveFailures))
    return { ...struck, status: 'paused', blockedBy: 'fuse', reason: 'fuse' };
  return { ...struck, ...planNext(state, completion, dueAfterRun(state, now)) };
}

/** The far side is away, or has set a limit: tried again until it answers. */
function settleAway(run: FailedRun, streakClass: StreakClass): CompletionPlan {
  const { state, completion, now } = run;
  if (isBesideAutomation(state)) return { ...planFor(run), ...restAsBefore(run) };
  const farSide = completion.farSide ?? `task ${state.id}`;
  const change = continueStreak(state, { class: streakClass, farSide }, now);
  const plan = { ...planFor(run), ...change, lostRuns: undefined, reason: streakClass };
  const lastedMs = now.getTime() - Date.parse(change.streak.since);
  const isGivenUp = state.automationMode === null && lastedMs >= LIMITS.oneOffRetrySecondsMax * 1_000;
  if (isGivenUp) return { ...plan, ...GIVEN_UP };
  const waitSeconds = retryWaitSeconds({
    count: change.streak.count,
    intervalSeconds: state.automationMode === 'heartbeat' ? state.heartbeatInterval : null,
    retryAfterSeconds: completion.retryAfterSeconds ?? 0,
    id: state.operation?.id ?? state.id,
  });
  return { ...plan, ...tryAgain(run, waitSeconds) };
}

/**
 * Its process is gone: tried again now. A task whose runs are lost again and again ends its own server, so
 * that counts in the end; a server that was stopped is never the task's doing.
 */
function settleLost(run: FailedRun): CompletionPlan {
  const { state, completion } = run;
  if (isBesideAutomation(state)) return { ...planFor(run), ...restAsBefore(run) };
  const before = state.scheduler.lostRuns;
  if (!mayBlameTask(completion.errorCode)) return { ...planFor(run), reason: 'lost', ...tryAgain(run, 0) };
  const lostRuns = (before ?? 0) + 1;
  if (lostRuns >= LIMITS.lostRunsMax)
    return isReview(state) ? settleAway(run, 'transient') : settleStrike(run, { lostRuns });
  return { ...planFor(run), lostRuns, reason: 'lost', ...tryAgain(run, 0) };
}

/** Every further run would fail in the same way, so the task waits for the person. */
function settleNeedsPerson(run: FailedRun): CompletionPlan {
  const { state } = run;
  const plan = { ...planFor(run), ...endStreak(state), lostRuns: undefined, failureBrief: 'open' } as const;
  if (isBesideAutomation(state) && state.operation?.claimedFrom === 'scheduled') {
    return { ...plan, ...restAsBefore(run) };
  }
  const blockedBy = blockerWhilePaused(state);
  return { ...plan, status: 'paused', blockedBy, needsPerson: true, reason: 'needs-person' };
}

const GIVEN_UP = { status: 'paused', failureBrief: 'open' } as const;

/**
 * Arms a further attempt at the same occurrence, with the trigger of this one. A cron time that comes first
 * is an occurrence of its own. An attempt uses up no topic of `maxTopics`.
 */
function tryAgain({ state, completion, now }: FailedRun, waitSeconds: number) {
  const started = triggerOf(state);
  const trigger = isAutomationTrigger(started) ? state.automationMode : started;
  if (isFuseBlown(state.scheduler.consecutiveFailures))
    return { status: 'paused', blockedBy: blockerWhilePaused(state) } as const;
  // The automation that started it was taken away meanwhile.
  if (trigger === null || state.operation === null) return { ...GIVEN_UP, reason: completion.status };
  const retryAt = new Date(now.getTime() + waitSeconds * 1_000);
  if (state.automationMode !== null && trigger !== 'review') {
    const byRule = dueAfterRun(state, now);
    const isUnreadable = byRule.dueAt === null && byRule.reason !== 'no-next-run';
    const isFirst = state.automationMode === 'schedule' && byRule.dueAt !== null && byRule.dueAt <= retryAt;
    if (isUnreadable || isFirst) return planNext(state, completion, byRule);
  }
  const { occurrence, attempt, continuesTopic, topicId } = state.operation;
  const retry = { occurrence, attempt: Math.min(attempt + 1, LIMITS.attemptMax), waitSeconds };
  const humanWaiting = state.humanWaiting || completion.bringsUrgentBrief;
  const continueTopicId = continuesTopic ? topicId : undefined;
  // Work is checked however late it is, and before its loop ends.
  if (trigger === 'review' && !humanWaiting) {
    const arm = armFor(state, retryAt, trigger, { retry, continueTopicId });
    return { status: 'scheduled', arm, blockedBy: null } as const;
  }
  const rest = planRest({ ...state, maxTopics: null }, { dueAt: retryAt }, humanWaiting);
  return rest.arm === null
    ? rest
    : { ...rest, arm: armFor(state, retryAt, trigger, { retry, continueTopicId }) };
}

/**
 * After a run that was none of the automation's: the fuse and the arm stay as they were, and so does pending
 * work.
 */
function restAsBefore({ state, completion, now }: FailedRun) {
  if (isFuseBlown(state.scheduler.consecutiveFailures))
    return { status: 'paused', blockedBy: 'fuse' } as const;
  const pending =
    state.operation?.claimedFrom === 'scheduled' && !goesOn(state) ? pendingArm(state, now) : null;
  if (pending !== null && !isWaiting(state, completion)) {
    const { review } = state.scheduler;
    return { status: 'scheduled', arm: pending, blockedBy: null, review } as const;
  }
  return planNext(state, completion, previousDueAt(state, now));
}
