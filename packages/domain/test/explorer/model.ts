import { absenceAfter, isSlowed } from '../../src/absence';
import { askedAfter, endedDependencies } from '../../src/dependencies';
import { AppError } from '../../src/errors';
import { LIMITS } from '../../src/limits';
import { briefOfLoopEnd } from '../../src/loopEnd';
import type { TaskPlan } from '../../src/plan';
import { isDueTooFar } from '../../src/planRest';
import { reviewAfter } from '../../src/reviewState';
import { toInstant } from '../../src/schedulerState';
import { type BriefPurpose, isTerminal, type Trigger } from '../../src/status';
import type { TaskState } from '../../src/taskState';
import { mayTransition, type TransitionName } from '../../src/transitions';
import { armed, frozen, NOW, operationBy } from '../taskStates';

/** A small model of what the services do with decisions: one task, its open briefs and the time. */
export interface Model {
  state: TaskState;
  now: Date;
  /** The open briefs: urgent ones by agents (`question`), and the system's own by their purpose. */
  open: Record<'question' | BriefPurpose, boolean>;
  /** The far side of the open brief that says that it is away. */
  outage: string | null;
  /** The process of the operation died: only the expiry of its lease, or a person, can end it now. */
  isAbandoned: boolean;
  /** The status change of the last event, as a row of the table. */
  made: string | null;
}

/** Whether an open brief is one that holds the task. */
export const isHeld = ({ question, goal, tool, budget, review }: Model['open']): boolean =>
  question || goal || tool || budget || review;

/** Applies one event; returns null when it cannot occur or changes nothing. */
export type Step = (model: Model) => Model | null;

/** A violation of the protocol. */
class Violation extends Error {}

export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Violation(what);
}

export const edge = (name: TransitionName, from: string, to: string): string => `${name}: ${from} → ${to}`;

/**
 * Decides twice from a frozen state, to check that decisions are deterministic and do not modify the state.
 */
export function decide<Plan>(decision: () => Plan | null): Plan | null {
  const once = attempt(decision);
  must(JSON.stringify(once) === JSON.stringify(attempt(decision)), 'the same state was decided differently');
  return once;
}

function attempt<Plan>(decision: () => Plan): Plan | null {
  try {
    return decision();
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}

/** What a commit writes: a new arm with a new token; the previous arm and operation have ended. */
export function carryOut(model: Model, name: TransitionName, plan: TaskPlan | null): Model | null {
  if (plan === null) return null;
  must(mayTransition(name, model.state.status, plan.status), `${name} made it ${plan.status}`);
  must(plan.arm === null || plan.status === 'scheduled', `${name} armed a task that is not scheduled`);
  const asked = askedAfter(model.state, plan);
  const ignored = [
    ...(model.state.scheduler.ignoredDependencies ?? []),
    ...(plan.dependencies?.ignored ?? []),
  ];
  const waitsFor = model.state.waitsFor.filter(({ id }) => plan.dependencies?.dropped?.includes(id) !== true);
  const arm =
    plan.arm === null ? null : { ...armed(plan.arm.dueAt, plan.arm.trigger), retry: plan.arm.retry };
  const scheduler = {
    tickToken: null,
    tickMessageId: null,
    scheduledAt: null,
    dueAt: null,
    trigger: null,
    retry: undefined,
    ...arm,
    ...(plan.arm?.waitsForBudget && { waitsForBudget: plan.arm.waitsForBudget }),
    ...(plan.arm?.endAt !== undefined && { endAt: toInstant(plan.arm.endAt) }),
    ...(plan.arm?.continueTopicId !== undefined && { continueTopicId: plan.arm.continueTopicId }),
    consecutiveFailures: plan.consecutiveFailures,
    automationRuns: plan.automationRuns,
    blockedBy: plan.blockedBy,
    streak: plan.streak,
    lostRuns: plan.lostRuns,
    needsPerson: plan.needsPerson,
    review: reviewAfter(plan),
    absence: absenceAfter(model.state, plan),
    ...(asked.length > 0 && { endedDependencies: asked }),
    ...(ignored.length > 0 && !isTerminal(plan.status) && { ignoredDependencies: [...new Set(ignored)] }),
  };
  const state = {
    ...model.state,
    status: plan.status,
    error: plan.error,
    operation: null,
    waitsFor,
    scheduler,
  };
  // What the run waited for is asked no more.
  const tool = model.open.tool && model.state.operation?.isWaiting !== true;
  const purpose = plan.status === 'failed' ? 'failure' : briefOfLoopEnd(model.state, plan);
  const open = {
    ...model.open,
    ...(purpose !== null && { [purpose]: true }),
    dependency: asked.length > 0,
    tool,
  };
  const humanWaiting = tool === model.open.tool ? state.humanWaiting : isHeld(open);
  return {
    ...model,
    state: { ...state, humanWaiting },
    open,
    isAbandoned: false,
    made: edge(name, model.state.status, plan.status),
  };
}

/** What people do, which needs no brief to explain it. */
const OWN_ACTS: readonly TransitionName[] = [
  'start',
  'resume',
  'pause',
  'cancel',
  'edit',
  'rollback',
  'stop',
];

/**
 * Whatever happens to a task with automation, a person either did it or finds an unread brief that says why
 * it no longer runs by itself (invariant 16). `isOwnAct`: the event is an act of the person that is no
 * transition of `OWN_ACTS`.
 */
export function assertExplained(before: Model, after: Model, isOwnAct: boolean): void {
  const { state, open, made } = after;
  if (made === null || state.automationMode === null || isOwnAct) return;
  if (OWN_ACTS.some((name) => made.startsWith(`${name}: `))) return;
  const rests = state.status === 'scheduled' || state.status === 'running' || state.status === 'backlog';
  if (rests || before.state.status === state.status) return;
  must(open.failure || open.end || open.budget, `16: it became ${state.status} and no brief says why`);
}

export const act =
  (name: TransitionName, decision: (state: TaskState, now: Date) => TaskPlan | null): Step =>
  (model) =>
    carryOut(
      model,
      name,
      decide(() => decision(model.state, model.now)),
    );

/** What the claim writes: status running, no token, one more topic, the rest of the arm unchanged. */
export function claimed(model: Model, name: 'claim-tick' | 'claim-manual', trigger: Trigger): Model {
  const { state } = model;
  must(mayTransition(name, state.status, 'running'), `${name} claimed a task that is ${state.status}`);
  const scheduler = { ...state.scheduler, tickToken: null, tickMessageId: null };
  const { retry, continueTopicId } = name === 'claim-tick' ? state.scheduler : {};
  const operation = {
    ...operationBy(trigger, state.status),
    ...(retry !== undefined && { occurrence: retry.occurrence, attempt: retry.attempt }),
    continuesTopic: continueTopicId !== undefined,
  };
  const totalTopics = state.totalTopics + 1;
  return {
    ...model,
    state: { ...state, status: 'running', scheduler, operation, totalTopics },
    made: edge(name, state.status, 'running'),
  };
}

/** Time passes in steps, and the cron patterns of the events repeat after `PATTERN_MS`. */
export const STEP_SECONDS = 300;
const STEP_MS = STEP_SECONDS * 1_000;
const PATTERN_MS = 600_000;
const DAY_MS = 86_400_000;

/** As the server is set. */
export const ABSENCE_AFTER_DAYS = 14;

/**
 * The first step of time from `at` on. A tick may always be late, and so fewer instants have to be explored.
 */
export const onGrid = (at: Date): Date => new Date(Math.ceil(at.getTime() / STEP_MS) * STEP_MS);

/** The invariants of PROTOCOL §8 that can be checked on one state. */
export function assertSound({ state, now, open, outage }: Model): void {
  const { status, scheduler, operation, humanWaiting, automationMode, config } = state;
  must(humanWaiting === isHeld(open), 'the model lost an open question');
  must(open.tool === (operation?.isWaiting === true), 'a run waits and nobody is asked; or the reverse');
  const { tickToken, dueAt, blockedBy, consecutiveFailures, streak, needsPerson } = scheduler;
  must((status === 'running') === (operation !== null), '1: running with its operation, and only then');
  if (status === 'scheduled') {
    must((tickToken === null) === (blockedBy !== null), '2: neither arm nor blocker, or both');
    must(blockedBy === null || (blockedBy === 'urgent-brief' && humanWaiting), '2: blocked by nothing open');
    must(consecutiveFailures < LIMITS.fuseFailures, '5: scheduled although the fuse has blown');
  } else {
    must(tickToken === null, '6: armed although not scheduled');
  }
  must(tickToken === null || dueAt !== null, '2: an arm without a time');
  const isFree = automationMode === null || scheduler.trigger === 'review';
  const end = isFree ? undefined : config.endAt;
  must(tickToken === null || scheduler.endAt === end, '4: an arm that does not know the end date');
  must(blockedBy !== 'fuse' || status === 'paused' || status === 'running', '5: a fuse without a pause');
  const hasEnded = status === 'backlog' && endedDependencies(state).length > 0;
  must(hasEnded === open.dependency, 'it waits for what has ended, and nobody is asked; or the reverse');
  must(!isDueTooFar(state, now), '18: due further ahead than the rule allows');
  // A cron task that is slowed down takes its first time after a day.
  const latestMs = now.getTime() + DAY_MS + PATTERN_MS;
  must(dueAt === null || Date.parse(dueAt) <= latestMs, 'a due time out of bounds');
  const { trigger, review } = scheduler;
  const isGoneOnWith = tickToken !== null && (trigger === 'review' || trigger === 'rework');
  must(!isGoneOnWith || review?.phase === trigger, 'work is gone on with that was not handed in');
  const isAside = ['completed', 'canceled', 'backlog'].includes(status);
  must(review === undefined || !isAside, 'work of a task that has ended waits for its check');
  const isTold = streak?.told === true && streak.farSide === outage;
  must(outage === null || isTold, 'nothing will close the brief of an outage');
  must(
    needsPerson !== true || status === 'paused' || status === 'running',
    'it runs although a person must act',
  );
}

/**
 * Two models with the same key are equivalent for the search. Left out, because no decision depends on it:
 * tokens; absolute times, except in which step of time they come and the position in the cron pattern; how
 * many runs there have been, except how many are left; failures beyond the fuse, or beyond those that make an
 * outage worth a brief; the class of an outage, and its far side until a brief has told of it.
 */
export function keyOf({ state, now, open, outage, isAbandoned }: Model): string {
  const { scheduler, operation, config } = state;
  const { streak } = scheduler;
  const stepsUntil = (instant: string | null | undefined): number | null =>
    instant === null || instant === undefined
      ? null
      : Math.max(-1, Math.ceil((Date.parse(instant) - now.getTime()) / STEP_MS));
  return [
    state.status,
    state.automationMode,
    state.automationMode === null ? state.parentTaskId : state.heartbeatInterval,
    state.humanWaiting,
    ...state.waitsFor.map(({ ended }) => ended),
    scheduler.ignoredDependencies !== undefined,
    state.maxTopics === null ? null : Math.max(0, state.maxTopics - scheduler.automationRuns),
    stepsUntil(config.endAt),
    config.pacing !== undefined,
    config.mayComplete,
    config.review !== undefined,
    scheduler.review && [scheduler.review.phase, scheduler.review.iteration, scheduler.review.goalMet],
    open.review,
    scheduler.tickToken !== null,
    stepsUntil(scheduler.dueAt),
    scheduler.dueAt === null ? null : onGrid(new Date(scheduler.dueAt)).getTime() % PATTERN_MS,
    now.getTime() % PATTERN_MS,
    scheduler.trigger,
    scheduler.blockedBy,
    Math.min(scheduler.consecutiveFailures, LIMITS.fuseFailures),
    scheduler.retry !== undefined,
    scheduler.continueTopicId !== undefined,
    streak && [Math.min(streak.count, LIMITS.outageFailures), streak.told, streak.told && streak.farSide],
    streak && lasted(now.getTime() - Date.parse(streak.since)),
    Math.min(scheduler.lostRuns ?? 0, LIMITS.lostRunsMax),
    scheduler.needsPerson,
    state.hasUnread,
    isSlowed(state),
    scheduler.absence && isAway(scheduler.absence.since, state.seenAt, now),
    operation?.trigger,
    operation?.claimedFrom,
    operation?.continuesTopic,
    operation?.isWaiting,
    state.agentKind === null,
    open.question,
    open.failure,
    open.approval,
    open.goal,
    open.budget,
    outage !== null,
    open.dependency,
    isAbandoned,
  ].join();
}

/** Whether nobody has looked for so long that the task is slowed down. */
const isAway = (since: string, seenAt: Date | null, now: Date): boolean =>
  now.getTime() - Math.max(Date.parse(since), seenAt?.getTime() ?? 0) >= ABSENCE_AFTER_DAYS * DAY_MS;

/** Too short for a brief, long enough, or so long that it is urgent and a one-off gives up. */
function lasted(elapsedMs: number): number {
  if (elapsedMs >= LIMITS.outageUrgentSeconds * 1_000) return LIMITS.outageUrgentSeconds;
  return Math.min(LIMITS.outageSeconds, Math.floor(elapsedMs / 1_000));
}

export const toModel = (state: TaskState): Model => ({
  state: frozen(state),
  now: NOW,
  open: {
    question: state.humanWaiting,
    failure: false,
    approval: false,
    goal: false,
    end: false,
    report: false,
    dependency: false,
    change: false,
    subtasks: false,
    'subtasks-done': false,
    document: false,
    tool: false,
    budget: false,
    'budget-warning': false,
    review: false,
    absence: false,
  },
  outage: null,
  isAbandoned: false,
  made: null,
});
