import { noFailures, pastFailures, scheduled, unarmed } from './commandPlan';
import { areDependenciesMet, endedDependencies } from './dependencies';
import { AppError } from './errors';
import { type AutomationRule, firstDue, type NextDue, nextDue } from './nextDue';
import type { ArmIntent, TaskPlan } from './plan';
import { armFor, isDueTooFar, isFuseBlown, modeOf, planRest, stoppedStill, WAITS } from './planRest';
import { pendingArm } from './reviewState';
import type { TaskState } from './taskState';
import { assertMay } from './transitions';

/**
 * What the acts of people, dependencies and the watchdog do to a task (PROTOCOL §2, §4). Answers to briefs
 * are in `briefResolution.ts`.
 */

/** @throws AppError when the rule gives no due time */
function dueOrRefuse(next: NextDue): Date {
  if (next.dueAt !== null) return next.dueAt;
  if (next.reason === 'no-interval') {
    throw new AppError('interval-missing', 'Set heartbeatInterval first: the seconds between two runs');
  }
  if (next.reason === 'no-next-run') {
    throw new AppError('pattern-never-fires', 'The schedule has no next date; change its pattern first');
  }
  throw new AppError(
    'pattern-invalid',
    'The schedule cannot be read; set a valid pattern and time zone first',
  );
}

/**
 * `start` and `resume`: resets the failure count and arms the first tick, for now or for the next cron time.
 * A start also begins to count the runs of `maxTopics` anew, and forgets work that waits for its check; a
 * resumed task goes on with that. A task without automation is armed for one run, now. Resuming a task with
 * unmet dependencies puts it in the backlog.
 * @throws AppError `run-in-flight`, `invalid-transition`, `dependencies-unmet`, and those of a rule that
 * cannot be armed
 */
export function decideStart(state: TaskState, now: Date, act: 'start' | 'resume' = 'start'): TaskPlan {
  assertMay(act, state.status);
  if (act === 'start' && !areDependenciesMet(state)) throw dependenciesUnmet(state);
  const reason = act === 'start' ? 'started' : 'resumed';
  const dueAt = state.automationMode === null ? now : dueOrRefuse(firstDue(state, now));
  if (!areDependenciesMet(state) && state.status !== 'scheduled') {
    return { ...unarmed(state), ...noFailures(state), status: 'backlog', reason, supersede: reason };
  }
  const byRule = armFor(state, dueAt, state.automationMode ?? 'manual');
  if (act === 'resume') return scheduled(state, pendingArm(state, now) ?? byRule, reason, reason);
  return { ...scheduled(state, byRule, reason, reason), automationRuns: 0, review: undefined };
}

function dependenciesUnmet(state: TaskState): AppError {
  const ended = endedDependencies(state).map(({ identifier }) => identifier);
  const whenBacklog =
    ended.length > 0
      ? `The task waits for ${ended.join(', ')}, which ended without completing; its brief asks what to do`
      : 'The task waits for others; it starts automatically when they complete';
  const situation =
    state.status === 'backlog' ? whenBacklog : 'The task depends on others that have not completed';
  return new AppError('dependencies-unmet', `${situation}. To go ahead now, run it or remove the dependency`);
}

/** @throws AppError `invalid-transition` */
export function decidePause(state: TaskState): TaskPlan {
  assertMay('pause', state.status);
  return {
    ...unarmed(state),
    status: 'paused',
    ...stoppedStill(state),
    reason: 'paused',
    supersede: 'paused',
  };
}

/** @throws AppError `invalid-transition` */
export function decideCancel(state: TaskState): TaskPlan {
  assertMay('cancel', state.status);
  return { ...unarmed(state), status: 'canceled', reason: 'canceled', supersede: 'canceled' };
}

/**
 * Re-arms a scheduled task from now when an edit changes its rule, or when the edited rule does not allow so
 * late an arm (another `pacing`); null leaves the arm unchanged. `before` is the state that was read,
 * `edited` the same with the edit applied. A running task is re-armed by its settlement, which reads the new
 * rule. A run that hears a person's answer, or goes on with work that was handed in, stays due as it is,
 * whatever the rule.
 */
export function decideEdit(before: TaskState, edited: TaskState, now: Date): TaskPlan | null {
  const sameEnd = before.config.endAt === edited.config.endAt && before.maxTopics === edited.maxTopics;
  const keepsDue = isSameRule(before, edited) && !isDueTooFar(edited, now);
  if (before.status !== 'scheduled' || (keepsDue && sameEnd)) return null;
  if (edited.automationMode === null) {
    if (before.automationMode === null) return null;
    return { ...unarmed(edited), status: 'paused', reason: 'automation-removed', supersede: 'edited' };
  }
  const changed = { ...unarmed(edited), reason: 'rule-changed', supersede: 'edited' } as const;
  const { dueAt: current, trigger, retry, continueTopicId, waitsForBudget } = edited.scheduler;
  const keepsArm = trigger === 'brief' || trigger === 'review' || trigger === 'rework';
  if (keepsArm && current !== null) {
    const arm = armFor(edited, new Date(current), trigger, { retry, continueTopicId, waitsForBudget });
    return { ...changed, status: 'scheduled', arm };
  }
  const next: NextDue =
    keepsDue && current !== null ? { dueAt: new Date(current), retry, waitsForBudget } : nextDue(edited, now);
  return { ...changed, ...planRest(edited, next) };
}

const isSameRule = (a: AutomationRule, b: AutomationRule): boolean =>
  a.automationMode === b.automationMode &&
  a.heartbeatInterval === b.heartbeatInterval &&
  a.schedulePattern === b.schedulePattern &&
  a.scheduleTimezone === b.scheduleTimezone;

/**
 * The person looks at a task that was slowed down, so it beats by its rule again, from now on. Null: it does
 * already, or it is due soon enough.
 */
export function decideLook(state: TaskState, now: Date): TaskPlan | null {
  const { status, automationMode, scheduler } = state;
  if (status !== 'scheduled' || automationMode === null || scheduler.absence?.slowed !== true) return null;
  const { dueAt } = nextDue(state, now);
  if (dueAt === null || !isDueTooFar({ ...state, seenAt: now }, now)) return null;
  const arm = armFor(state, dueAt, automationMode);
  return { ...scheduled(state, arm, 'looked-at', 'looked-at', pastFailures(state)), absence: null };
}

/**
 * A tick arrived while an urgent brief waits for the person: replaces the arm by the blocker (PROTOCOL §3.1).
 */
export function decideBlock(state: TaskState): TaskPlan {
  return {
    ...unarmed(state),
    status: 'scheduled',
    blockedBy: 'urgent-brief',
    reason: 'human-waiting',
    supersede: 'repaired',
  };
}

/**
 * The watchdog's repair of a scheduled task that has neither arm nor blocker, or an arm that can never run,
 * after a hand edit or an older version (PROTOCOL §5). Arms it, blocks it, or fails it when its rule gives no
 * due time.
 */
export function decideRepair(state: TaskState, now: Date): TaskPlan | null {
  if (state.status !== 'scheduled') return null;
  const next = state.automationMode === null ? { dueAt: now } : firstDue(state, now);
  const pending = next.dueAt === null ? null : pendingArm(state, now);
  return pending === null ? repaired(state, next) : repairedPending(state, pending);
}

/**
 * The watchdog's repair of an arm that is further ahead than its rule allows from now, because a clock was
 * ahead when it was made (PROTOCOL §5): armed anew by the rule, or for now if a person or a dependency armed
 * it. Null: it is not, if hosts' clocks may differ by `toleranceMs`.
 */
export function decideRearm(state: TaskState, now: Date, toleranceMs: number): TaskPlan | null {
  if (state.status !== 'scheduled' || !isDueTooFar(state, now, toleranceMs)) return null;
  const { retry, trigger, continueTopicId } = state.scheduler;
  if (trigger === 'review' || trigger === 'rework') {
    const dueAt = new Date(now.getTime() + (retry?.waitSeconds ?? 0) * 1_000);
    return repairedPending(state, armFor(state, dueAt, trigger, { retry, continueTopicId }));
  }
  const isByRule = state.automationMode !== null && modeOf(trigger) !== null;
  if (isByRule && retry === undefined) return repaired(state, nextDue(state, now));
  const plan = repaired(state, { dueAt: new Date(now.getTime() + (retry?.waitSeconds ?? 0) * 1_000), retry });
  if (isByRule || trigger === null || plan.arm === null) return plan;
  return { ...plan, arm: { ...plan.arm, trigger, continueTopicId } };
}

/** Repairs the arm of a task whose work was handed in and does not count yet. */
function repairedPending(state: TaskState, arm: ArmIntent): TaskPlan {
  if (isFuseBlown(state.scheduler.consecutiveFailures)) return repaired(state, arm);
  const plan = { ...unarmed(state), reason: 'repaired', supersede: 'repaired' } as const;
  return state.humanWaiting ? { ...plan, ...WAITS } : { ...plan, status: 'scheduled', arm };
}

function repaired(state: TaskState, next: NextDue): TaskPlan {
  const plan = { ...unarmed(state), reason: 'repaired', supersede: 'repaired' } as const;
  if (isFuseBlown(plan.consecutiveFailures)) {
    return { ...plan, status: 'paused', blockedBy: 'fuse', reason: 'fuse' };
  }
  return { ...plan, ...planRest(state, next) };
}
