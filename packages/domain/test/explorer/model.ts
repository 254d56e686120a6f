import { AppError } from '../../src/errors';
import { LIMITS } from '../../src/limits';
import { briefOfLoopEnd } from '../../src/loopEnd';
import type { TaskPlan } from '../../src/plan';
import { isDueTooFar } from '../../src/planRest';
import { toInstant } from '../../src/schedulerState';
import type { BriefPurpose, Trigger } from '../../src/status';
import type { TaskState } from '../../src/taskState';
import { mayTransition, type TransitionName } from '../../src/transitions';
import { armed, frozen, NOW, operationBy } from '../taskStates';

/** A small model of what the services do with decisions: one task, its open briefs and the time. */
export interface Model {
  state: TaskState;
  now: Date;
  /** The open briefs: urgent ones by agents (`question`), and the system's own by their purpose. */
  open: Record<'question' | BriefPurpose, boolean>;
  /** The process of the operation died: only the expiry of its lease, or a person, can end it now. */
  isAbandoned: boolean;
  /** The status change of the last event, as a row of the table. */
  made: string | null;
}

/** Applies one event; returns null when it cannot occur or changes nothing. */
export type Step = (model: Model) => Model | null;

/** A violation of the protocol. */
class Violation extends Error {}

export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Violation(what);
}

const edge = (name: TransitionName, from: string, to: string): string => `${name}: ${from} → ${to}`;

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
    ...(plan.arm?.endAt !== undefined && { endAt: toInstant(plan.arm.endAt) }),
    ...(plan.arm?.continueTopicId !== undefined && { continueTopicId: plan.arm.continueTopicId }),
    consecutiveFailures: plan.consecutiveFailures,
    automationRuns: plan.automationRuns,
    blockedBy: plan.blockedBy,
    streak: plan.streak,
    lostRuns: plan.lostRuns,
    needsPerson: plan.needsPerson,
  };
  const state = { ...model.state, status: plan.status, error: plan.error, operation: null, scheduler };
  const purpose = plan.status === 'failed' ? 'failure' : briefOfLoopEnd(model.state, plan);
  const open = purpose === null ? model.open : { ...model.open, [purpose]: true };
  return { ...model, state, open, isAbandoned: false, made: edge(name, model.state.status, plan.status) };
}

/** What people do, which needs no brief to explain it. */
const OWN_ACTS: readonly TransitionName[] = ['start', 'resume', 'pause', 'cancel', 'edit', 'rollback'];

/**
 * Whatever happens to a task with automation, a person either did it or finds an unread brief that says why it
 * no longer runs by itself (invariant 16). `isOwnAct`: the event is an act of the person that is no transition
 * of `OWN_ACTS`.
 */
export function assertExplained(before: Model, after: Model, isOwnAct: boolean): void {
  const { state, open, made } = after;
  if (made === null || state.automationMode === null || isOwnAct) return;
  if (OWN_ACTS.some((name) => made.startsWith(`${name}: `))) return;
  const rests = state.status === 'scheduled' || state.status === 'running' || state.status === 'backlog';
  if (rests || before.state.status === state.status) return;
  must(open.failure || open.end, `16: it became ${state.status} and no brief says why`);
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
  const operation = operationBy(trigger, state.status);
  const totalTopics = state.totalTopics + 1;
  return {
    ...model,
    state: { ...state, status: 'running', scheduler, operation, totalTopics },
    made: edge(name, state.status, 'running'),
  };
}

export const STEP_SECONDS = 300;
/** The cron patterns of the events repeat after this time. */
const PATTERN_MS = 600_000;
/** The invariants of PROTOCOL §8 that can be checked on one state. */
export function assertSound({ state, now, open }: Model): void {
  const { status, scheduler, operation, humanWaiting, automationMode, config } = state;
  must(humanWaiting === (open.question || open.goal), 'the model lost an open question');
  const { tickToken, dueAt, blockedBy, consecutiveFailures } = scheduler;
  must((status === 'running') === (operation !== null), '1: running with its operation, and only then');
  if (status === 'scheduled') {
    must((tickToken === null) === (blockedBy !== null), '2: neither arm nor blocker, or both');
    must(blockedBy === null || (blockedBy === 'urgent-brief' && humanWaiting), '2: blocked by nothing open');
    must(consecutiveFailures < LIMITS.fuseFailures, '5: scheduled although the fuse has blown');
  } else {
    must(tickToken === null, '6: armed although not scheduled');
  }
  must(tickToken === null || dueAt !== null, '2: an arm without a time');
  const end = automationMode === null ? undefined : config.endAt;
  must(tickToken === null || scheduler.endAt === end, '4: an arm that does not know the end date');
  must(blockedBy !== 'fuse' || status === 'paused' || status === 'running', '5: a fuse without a pause');
  must(!isDueTooFar(state, now), '18: due further ahead than the rule allows');
  must(
    dueAt === null || Math.abs(Date.parse(dueAt) - now.getTime()) < 86_400_000,
    'a due time out of bounds',
  );
}

/**
 * Two models with the same key are equivalent for the search. Left out: tokens; absolute times except the
 * remaining wait and the position in the cron pattern; the number of runs except how many are left;
 * failures beyond the fuse.
 */
export function keyOf({ state, now, open, isAbandoned }: Model): string {
  const { scheduler, operation, config } = state;
  const until = (instant: string | null | undefined): number | null =>
    instant === null || instant === undefined
      ? null
      : Math.max(-STEP_SECONDS * 1_000, Date.parse(instant) - now.getTime());
  return [
    state.status,
    state.automationMode,
    state.heartbeatInterval,
    state.parentTaskId,
    state.humanWaiting,
    state.dependenciesMet,
    state.maxTopics === null ? null : Math.max(0, state.maxTopics - scheduler.automationRuns),
    until(config.endAt),
    config.pacing !== undefined,
    config.mayComplete,
    scheduler.tickToken !== null,
    until(scheduler.dueAt),
    scheduler.dueAt === null ? null : Date.parse(scheduler.dueAt) % PATTERN_MS,
    now.getTime() % PATTERN_MS,
    scheduler.trigger,
    scheduler.blockedBy,
    Math.min(scheduler.consecutiveFailures, LIMITS.fuseFailures),
    scheduler.retry !== undefined,
    scheduler.streak?.class,
    Math.min(scheduler.streak?.count ?? 0, 2),
    Math.min(scheduler.lostRuns ?? 0, LIMITS.lostRunsMax),
    scheduler.needsPerson,
    operation?.trigger,
    operation?.claimedFrom,
    open.question,
    open.failure,
    open.approval,
    open.goal,
    isAbandoned,
  ].join();
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
  },
  isAbandoned: false,
  made: null,
});
