import {
  decideBlock,
  decideBriefResolution,
  decideCancel,
  decideEdit,
  decidePause,
  decideRepair,
  decideStart,
} from './commandDecisions';
import { type Completion, decideCompletion, decideRollback } from './completionDecision';
import { AppError } from './errors';
import { LIMITS } from './limits';
import type { TaskPlan } from './plan';
import type { BriefAction } from './status';
import type { TaskState } from './taskState';
import { armed, frozen, inSeconds, NOW, OTHER_TOKEN, operationBy, USER } from './taskState.fixture';
import { decideTick } from './tickDecision';
import { mayTransition, type TransitionName } from './transitions';

/** A small model of what carries decisions out: one task, its open briefs and the time, moved by one event after another. */
export interface Model {
  state: TaskState;
  now: Date;
  /** The open briefs that matter: a question (urgent, no error), the failure's, and the one that asks for approval. */
  open: { failure: boolean; approval: boolean };
}

/** What one event makes of a model; null when it cannot occur there, or changes nothing. */
export type Step = (model: Model) => Model | null;

/** A breach of the protocol, told by the event that led to it. */
class Breach extends Error {}

function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Breach(what);
}

/** Decides twice from a frozen state: the same both times, and nothing of the state is changed. */
function decide<Plan>(decision: () => Plan | null): Plan | null {
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

/** As a commit writes it: a new arm has a new token, and whatever was armed or ran before is over. */
function carryOut(model: Model, name: TransitionName, plan: TaskPlan | null): Model | null {
  if (plan === null) return null;
  must(mayTransition(name, model.state.status, plan.status), `${name} made it ${plan.status}`);
  const arm = plan.arm === null ? null : armed(plan.arm.dueAt, plan.arm.trigger);
  const scheduler = {
    tickToken: null,
    tickMessageId: null,
    scheduledAt: null,
    dueAt: null,
    trigger: null,
    ...arm,
    consecutiveFailures: plan.consecutiveFailures,
    blockedBy: plan.blockedBy,
  };
  const state = { ...model.state, status: plan.status, error: plan.error, operation: null, scheduler };
  return { ...model, state };
}

const act =
  (name: TransitionName, decision: (state: TaskState, now: Date) => TaskPlan | null): Step =>
  (model) =>
    carryOut(
      model,
      name,
      decide(() => decision(model.state, model.now)),
    );

/** As the claim writes it: running, the token taken, all else of the arm kept. */
function claimed(model: Model, trigger: Parameters<typeof operationBy>[0]): Model {
  const { state } = model;
  const scheduler = { ...state.scheduler, tickToken: null, tickMessageId: null };
  const operation = operationBy(trigger, state.status);
  return { ...model, state: { ...state, status: 'running', scheduler, operation } };
}

const runByHand: Step = (model) => (model.state.status === 'running' ? null : claimed(model, 'manual'));

/** The current tick, at its due time or now if that has passed. */
const tick: Step = (model) => {
  const { tickToken, dueAt, trigger, consecutiveFailures } = model.state.scheduler;
  if (tickToken === null || dueAt === null) return null;
  const now = new Date(Math.max(model.now.getTime(), Date.parse(dueAt)));
  const met = { ...model, now };
  const decision = decideTick(model.state, { userId: USER, tickToken }, now);
  if (decision.run) {
    must(model.state.status === 'scheduled', 'a tick started a task that does not rest');
    must(consecutiveFailures < LIMITS.fuseFailures, 'a tick started a task whose fuse has blown');
    return claimed(met, trigger ?? 'manual');
  }
  if (decision.reason === 'human-waiting') return act('block', decideBlock)(met);
  must(decision.reason === 'mode-changed', `an arm that is due was skipped as ${decision.reason}`);
  return act('repair', decideRepair)(met);
};

/** Messages that must never start anything: of an arm that was replaced, and of one before its time. */
const strayTicks: Step = ({ state, now }) => {
  const stale = decideTick(state, { userId: USER, tickToken: OTHER_TOKEN }, now);
  must(!stale.run, 'a stale tick ran');
  const { tickToken, dueAt } = state.scheduler;
  if (tickToken === null || dueAt === null) return null;
  const tooSoon = new Date(Date.parse(dueAt) - LIMITS.earlyToleranceMs - 1);
  must(!decideTick(state, { userId: USER, tickToken }, tooSoon).run, 'a tick ran before its time');
  return null;
};

const settle =
  (changes: Partial<Completion>): Step =>
  (model) => {
    if (model.state.operation === null) return null;
    const end: Completion = {
      status: 'done',
      errorMessage: null,
      goalMet: false,
      nextRunInSeconds: null,
      bringsUrgentBrief: false,
      ...changes,
    };
    const plan = decide(() => decideCompletion(model.state, end, model.now));
    const settled = carryOut(model, 'settle', plan);
    if (settled === null || plan === null) return null;
    const failure = plan.failureBrief === 'keep' ? model.open.failure : plan.failureBrief === 'open';
    const humanWaiting = model.state.humanWaiting || end.bringsUrgentBrief;
    const approval = model.open.approval || plan.asksApproval;
    return { ...settled, state: { ...settled.state, humanWaiting }, open: { failure, approval } };
  };

const rollBack: Step = (model) =>
  model.state.operation?.trigger === 'manual' ? act('rollback', decideRollback)(model) : null;

const edit =
  (changes: Partial<TaskState>): Step =>
  (model) => {
    const edited = frozen({ ...model.state, ...changes });
    const plan = decide(() => decideEdit(model.state, edited, model.now));
    const saved = { ...model, state: edited };
    return plan === null ? saved : carryOut(saved, 'edit', plan);
  };

const openQuestion: Step = (model) =>
  model.state.humanWaiting ? null : { ...model, state: { ...model.state, humanWaiting: true } };

/** Closes the brief, and does to the task what follows. */
function answer(model: Model, purpose: 'failure' | 'approval' | null, action: BriefAction): Model {
  const closed = {
    ...model,
    state: frozen(purpose === null ? { ...model.state, humanWaiting: false } : model.state),
    open: purpose === null ? model.open : { ...model.open, [purpose]: false },
  };
  const plan = decide(() => decideBriefResolution(closed.state, { purpose }, action, closed.now));
  return plan === null ? closed : (carryOut(closed, 'resolve-brief', plan) ?? closed);
}

const ifOpen =
  (purpose: 'failure' | 'approval', action: BriefAction): Step =>
  (model) =>
    model.open[purpose] ? answer(model, purpose, action) : null;

/** A hand edit takes the arm or the blocker away; the watchdog finds the task. */
const loseAndRepair: Step = (model) => {
  if (model.state.status !== 'scheduled') return null;
  const scheduler = {
    ...model.state.scheduler,
    tickToken: null,
    dueAt: null,
    trigger: null,
    blockedBy: null,
  };
  const lost = { ...model, state: frozen({ ...model.state, scheduler }) };
  const repaired = act('repair', decideRepair)(lost);
  must(repaired !== null, 'an orphan was not repaired');
  return repaired;
};

export const HEARTBEAT = { automationMode: 'heartbeat', heartbeatInterval: 60 } as const;
export const SCHEDULE = { automationMode: 'schedule', schedulePattern: '*/5 * * * *' } as const;
export const ONE_OFF = { automationMode: null } as const;

/** Everything that can happen to a task, by name. */
export const EVENTS: Record<string, Step> = {
  start: act('start', (state, now) => decideStart(state, now)),
  resume: act('resume', (state, now) => decideStart(state, now, 'resume')),
  pause: act('pause', decidePause),
  cancel: act('cancel', decideCancel),
  'run by hand': runByHand,
  'two minutes': (model) => ({ ...model, now: inSeconds(120, model.now) }),
  tick,
  'stray ticks': strayTicks,
  done: settle({}),
  'done with a question': settle({ bringsUrgentBrief: true }),
  'goal met': settle({ goalMet: true }),
  error: settle({ status: 'error', errorMessage: 'It broke' }),
  timeout: settle({ status: 'timeout' }),
  interrupt: settle({ status: 'interrupted' }),
  'could not start': rollBack,
  'edit to heartbeat': edit(HEARTBEAT),
  'edit to schedule': edit(SCHEDULE),
  'edit to one-off': edit(ONE_OFF),
  'edit the interval': edit({ heartbeatInterval: 180 }),
  'a question': openQuestion,
  'answer the question': (model) => (model.state.humanWaiting ? answer(model, null, 'approve') : null),
  retry: ifOpen('failure', 'retry'),
  approve: ifOpen('approval', 'approve'),
  feedback: ifOpen('approval', 'feedback'),
  'lost and repaired': loseAndRepair,
};

/** The invariants of the protocol that one look at the model can tell. */
export function assertSound({ state, now }: Model): void {
  const { status, scheduler, operation, humanWaiting } = state;
  const { tickToken, dueAt, blockedBy, consecutiveFailures } = scheduler;
  must((status === 'running') === (operation !== null), '1: running with its operation, and only then');
  if (status === 'scheduled') {
    must((tickToken === null) === (blockedBy !== null), '2: neither arm nor blocker, or both');
    must(blockedBy === null || (blockedBy === 'urgent-brief' && humanWaiting), '2: blocked by nothing open');
    must(consecutiveFailures < LIMITS.fuseFailures, '5: rests although the fuse has blown');
  } else {
    must(tickToken === null, '6: armed although it does not rest');
  }
  must(tickToken === null || dueAt !== null, '2: an arm without a time');
  must(blockedBy !== 'fuse' || status === 'paused' || status === 'running', '5: a fuse without a pause');
  must(
    dueAt === null || Math.abs(Date.parse(dueAt) - now.getTime()) < 86_400_000,
    'a due time out of all bounds',
  );
}

/** What tells two models apart: tokens do not, and of the time only the wait for the arm does. */
export function keyOf({ state, now, open }: Model): string {
  const { scheduler, operation } = state;
  const wait =
    scheduler.dueAt === null ? null : Math.max(-60_000, Date.parse(scheduler.dueAt) - now.getTime());
  return JSON.stringify([
    state.status,
    state.automationMode,
    state.heartbeatInterval,
    state.schedulePattern,
    state.humanWaiting,
    scheduler.tickToken !== null,
    wait,
    now.getTime() % 300_000,
    scheduler.trigger,
    scheduler.blockedBy,
    scheduler.consecutiveFailures,
    operation?.trigger,
    operation?.claimedFrom,
    open,
  ]);
}

export const toModel = (state: TaskState): Model => ({
  state: frozen(state),
  now: NOW,
  open: { failure: false, approval: false },
});
