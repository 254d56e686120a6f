import { decideBriefResolution, decideRoomMade } from '../../src/briefResolution';
import {
  decideBlock,
  decideCancel,
  decideEdit,
  decidePause,
  decideRearm,
  decideRepair,
  decideStart,
} from '../../src/commandDecisions';
import { decideDependencyAnswer, decideUnlock } from '../../src/dependencies';
import { LIMITS } from '../../src/limits';
import { isDueTooFar } from '../../src/planRest';
import { decideRollback } from '../../src/rollbackDecision';
import { toInstant } from '../../src/schedulerState';
import { type AnswerTime, type BriefPurpose, RECOVERED_ACTION, type ReviewVerdict } from '../../src/status';
import type { TaskState } from '../../src/taskState';
import { decideTick } from '../../src/tickDecision';
import { mayTransition } from '../../src/transitions';
import { wakesAt, whyNoUndo } from '../../src/undoAnswer';
import { INTERRUPTED } from '../completions';
import { DEPENDENCY_IDS, dependency, frozen, inSeconds, OTHER_TOKEN, USER } from '../taskStates';
import { ABSENCES } from './absences';
import { APPROVALS } from './approvals';
import { FAILURES, LEASE_LOST } from './failures';
import {
  act,
  carryOut,
  claimed,
  decide,
  edge,
  isHeld,
  type Model,
  must,
  onGrid,
  STEP_SECONDS,
  type Step,
} from './model';
import { settle, settled } from './settling';

const runByHand: Step = (model) => {
  if (model.state.status === 'running') return null;
  const ready = runAnyway(model);
  return ready === null ? null : claimed(ready, 'claim-manual', 'manual');
};

/** The current tick, at the first step of time from its due time on, or now if that has passed. */
const tick: Step = (model) => {
  const { tickToken, dueAt, trigger, consecutiveFailures } = model.state.scheduler;
  if (tickToken === null || dueAt === null) return null;
  const now = onGrid(new Date(Math.max(model.now.getTime(), Date.parse(dueAt))));
  const met = { ...model, now };
  const decision = decideTick(model.state, { userId: USER, tickToken }, now);
  if (decision.run) {
    must(consecutiveFailures < LIMITS.fuseFailures, 'a tick started a task whose fuse has blown');
    const { automationMode, config } = model.state;
    const isLate = automationMode !== null && config.endAt !== undefined && toInstant(now) > config.endAt;
    must(!isLate || trigger === 'review', 'a run started after the end date');
    return claimed(met, 'claim-tick', trigger ?? 'manual');
  }
  if (decision.reason === 'human-waiting') return act('block', decideBlock)(met);
  const isExplained = ['mode-changed', 'no-interval', 'end-date'].includes(decision.reason);
  must(isExplained, `an arm that is due was skipped as ${decision.reason}`);
  return act('repair', decideRepair)(met);
};

/** Messages that must never start anything: with a stale token, of another user, or before the due time. */
const strayTicks: Step = ({ state, now }) => {
  const stale = decideTick(state, { userId: USER, tickToken: OTHER_TOKEN }, now);
  must(!stale.run, 'a stale tick ran');
  const { tickToken, dueAt } = state.scheduler;
  if (tickToken === null || dueAt === null) return null;
  must(!decideTick(state, { userId: 'eve', tickToken }, now).run, "another user's tick ran");
  const tooSoon = new Date(Date.parse(dueAt) - LIMITS.earlyToleranceMs - 1);
  must(!decideTick(state, { userId: USER, tickToken }, tooSoon).run, 'a tick ran before its time');
  return null;
};

/** A claim is undone, of a tick as of a person, while its process knows it. */
const rollBack: Step = (model) => {
  if (model.state.operation === null || model.isAbandoned || model.open.tool) return null;
  const undone = act('rollback', decideRollback)(model);
  const { claimedFrom } = model.state.operation;
  const { needsPerson } = model.state.scheduler;
  if (undone !== null && claimedFrom !== 'scheduled')
    must(undone.state.scheduler.needsPerson === needsPerson, 'a rollback lost why the task is paused');
  const { tickToken, continueTopicId } = undone?.state.scheduler ?? {};
  if (typeof tickToken === 'string' && model.state.operation.tickToken !== null)
    must(
      continueTopicId === model.state.scheduler.continueTopicId || model.state.automationMode !== null,
      'a claim that was rolled back is in another topic',
    );
  return undone;
};

const edit =
  (change: (model: Model) => Partial<TaskState>): Step =>
  (model) => {
    const edited = frozen({ ...model.state, ...change(model) });
    const plan = decide(() => decideEdit(model.state, edited, model.now));
    const saved = { ...model, state: edited };
    return plan === null ? saved : carryOut(saved, 'edit', plan);
  };

/**
 * Limits an event to scheduled and running tasks. In other statuses it commutes with the event that leads
 * there, so the search need not try both orders.
 */
const inTheLoop =
  (step: Step): Step =>
  (model) =>
    model.state.status === 'scheduled' || model.state.status === 'running' ? step(model) : null;

/** An edit of the rule, which means something only where there is one. */
const editTheLoop = (change: (model: Model) => Partial<TaskState>): Step =>
  inTheLoop((model) => (model.state.automationMode === null ? null : edit(change)(model)));

/** Changes the row without any decision, as a hand edit or an older version does. */
const byHand =
  (changes: Partial<TaskState>): Step =>
  (model) => ({ ...model, state: frozen({ ...model.state, ...changes }) });

interface Answering {
  when?: AnswerTime;
  /** Nobody has answered in time. */
  isUnanswered?: true;
}

/** Resolves the brief and applies the decision to the task. */
function answer(
  model: Model,
  purpose: BriefPurpose | null,
  action: string,
  { when = 'now', isUnanswered }: Answering = {},
): Model {
  const open = { ...model.open, [purpose ?? 'question']: false };
  const humanWaiting = isHeld(open);
  const closed = { ...model, open, state: frozen({ ...model.state, humanWaiting }) };
  const { blockedBy } = closed.state.scheduler;
  const brief = { purpose, type: purpose === 'failure' ? 'error' : 'decision', topicId: TOPIC } as const;
  const until = action === 'wait' ? toInstant(inSeconds(STEP_SECONDS, model.now)) : undefined;
  const given = { action, when, until, isUnanswered };
  const plan = decide(() => decideBriefResolution(closed.state, brief, given, closed.now));
  const isStop = purpose === 'budget' && action === 'stop';
  const next = carryOut(closed, isStop ? 'stop' : 'resolve-brief', plan) ?? closed;
  if (blockedBy === 'urgent-brief' && !humanWaiting)
    must(
      next.state.status !== 'scheduled' || next.state.scheduler.tickToken !== null,
      'an answer led to nothing',
    );
  if (plan?.arm != null && until !== undefined)
    must(toInstant(plan.arm.dueAt) === until, 'a task waits longer for its budget than it has to');
  const isUndoable = plan !== null && !isUnanswered && whyNoUndo(brief, { key: action }, plan, true) === null;
  // Whoever accepts work as it is tells the agent nothing.
  if (plan?.arm != null && until === undefined && when === 'now' && action !== 'accept')
    must(
      plan.arm.dueAt <= (isUndoable ? wakesAt(model.now) : model.now),
      'an answer did not run the task now, or at once if it cannot be taken back',
    );
  must(
    !isUndoable || mayTransition('undo-answer', next.state.status, model.state.status),
    `an answer cannot be taken back from ${next.state.status} to ${model.state.status}`,
  );
  return next;
}

const TOPIC = '55555555-5555-4555-8555-555555555555';

const ifOpen =
  (purpose: BriefPurpose, action: string, when: AnswerTime = 'now'): Step =>
  (model) =>
    model.open[purpose] ? answer(model, purpose, action, { when }) : null;

/** The person takes an answer back before its run has begun: the task is what it was. */
const takenBack =
  (purpose: BriefPurpose | 'question', action: string): Step =>
  (model) => {
    if (!model.open[purpose]) return null;
    const { state } = answer(model, purpose === 'question' ? null : purpose, action);
    const isChanged = state.scheduler !== model.state.scheduler || state.status !== model.state.status;
    return isChanged ? { ...model, made: edge('undo-answer', state.status, model.state.status) } : null;
  };

/** A hand edit removes the arm or the blocker, and the watchdog repairs the task. */
const loseAndRepair: Step = (model) => {
  if (model.state.status !== 'scheduled') return null;
  const { scheduler } = model.state;
  const nothing = { ...scheduler, tickToken: null, dueAt: null, trigger: null, blockedBy: null };
  const repaired = act(
    'repair',
    decideRepair,
  )({
    ...model,
    state: { ...model.state, scheduler: nothing },
  });
  must(repaired !== null, 'an orphan was not repaired');
  return repaired;
};

/** The same, after a hand edit has raised the failure count to the fuse's limit. */
const loseWithFuseBlown: Step = (model) => {
  const scheduler = { ...model.state.scheduler, consecutiveFailures: LIMITS.fuseFailures };
  return loseAndRepair({ ...model, state: { ...model.state, scheduler } });
};

/** It was armed while a clock was ten years ahead, and the watchdog arms it anew. */
const armAheadAndRepair: Step = (model) => {
  const { status, scheduler } = model.state;
  if (status !== 'scheduled' || scheduler.tickToken === null) return null;
  const dueAt = toInstant(inSeconds(10 * 366 * 86_400, model.now));
  const ahead = { ...model, state: { ...model.state, scheduler: { ...scheduler, dueAt } } };
  const repaired = act('repair', (state, now) => decideRearm(state, now, 0))(ahead);
  if (isDueTooFar(ahead.state, model.now)) must(repaired !== null, 'an impossible arm was not repaired');
  const { tickToken, continueTopicId } = repaired?.state.scheduler ?? {};
  if (typeof tickToken === 'string')
    must(continueTopicId === scheduler.continueTopicId, 'a repaired arm is in another topic');
  return repaired;
};

/** What it waits for changes: the last dependency completes, or one ends in another way. */
const waitingFor =
  (waitsFor: TaskState['waitsFor']): Step =>
  (model) => {
    if (model.state.waitsFor.length === 0) return null;
    const changed = { ...model, state: frozen({ ...model.state, waitsFor }) };
    return act('unlock', decideUnlock)(changed) ?? changed;
  };

/** The watchdog removes the rows of a deleted dependency, and tells nobody. */
const dependencySwept: Step = (model) =>
  model.state.waitsFor.some(({ ended }) => ended === 'deleted') ? byHand({ waitsFor: [] })(model) : null;

/** The person's answer about a dependency that has ended. */
const answerDependency =
  (action: 'start' | 'drop' | 'cancel'): Step =>
  (model) => {
    if (!model.open.dependency) return null;
    const next = act('answer-dependency', (state, now) =>
      action === 'cancel' ? decideCancel(state) : decideDependencyAnswer(state, action, now),
    )(model);
    must(next !== null, 'an answer about a dependency led to nothing');
    must(next.state.status !== 'backlog' || next.state.waitsFor.length > 0, 'it waits for nothing');
    return next;
  };

/** A person's run starts what waits for a dependency that has ended, and claims it. */
const runAnyway: Step = (model) => (model.open.dependency ? answerDependency('start')(model) : model);

/** What the reviewer finds of work that was handed in. */
const verdict =
  (found: ReviewVerdict): Step =>
  (model) =>
    model.state.operation?.trigger === 'review' ? settle({ verdict: found })(model) : null;

const EVERY_TEN_MINUTES = { heartbeatInterval: 600, schedulePattern: '*/10 * * * *' } as const;
export const HEARTBEAT = { ...EVERY_TEN_MINUTES, automationMode: 'heartbeat' } as const;
export const SCHEDULE = { ...EVERY_TEN_MINUTES, automationMode: 'schedule' } as const;
export const ONE_OFF = { ...EVERY_TEN_MINUTES, automationMode: null } as const;

/** What can happen to a task that fails only by its agent, or is lost, by name. */
export const ORDINARY: Record<string, Step> = {
  start: act('start', (state, now) => decideStart(state, now)),
  resume: act('resume', (state, now) => decideStart(state, now, 'resume')),
  pause: act('pause', decidePause),
  cancel: act('cancel', decideCancel),
  'run by hand': runByHand,
  'time passes': inTheLoop((model) => ({ ...model, now: inSeconds(STEP_SECONDS, model.now) })),
  tick,
  'stray ticks': strayTicks,
  done: settle({}),
  'done with a question': settle({ bringsUrgentBrief: true }),
  'done, asking for a time': settle({ nextRunInSeconds: 1 }),
  'goal met': settle({ goalMet: true }),
  error: settle({ status: 'error', errorMessage: 'It broke' }),
  'out of budget': settle({ status: 'budget' }),
  interrupt: (model) => settled(model, INTERRUPTED),
  // A run that waits is no process's, so it survives.
  restart: (model) =>
    model.state.operation === null || model.open.tool ? null : { ...model, isAbandoned: true },
  'watchdog: repair': loseAndRepair,
  'watchdog: repair with the fuse blown': loseWithFuseBlown,
  'watchdog: an impossible due time': armAheadAndRepair,
  'watchdog: lease over': (model) => (model.open.tool ? null : settled(model, LEASE_LOST)),
  'could not start': rollBack,
  'edit to heartbeat': edit(() => HEARTBEAT),
  'edit to schedule': edit(() => SCHEDULE),
  'edit to one-off': edit(() => ONE_OFF),
  'edit the interval': editTheLoop(() => ({ heartbeatInterval: 300, schedulePattern: '*/5 * * * *' })),
  'edit: no more runs': editTheLoop(({ state }) => ({
    maxTopics: Math.max(1, state.scheduler.automationRuns),
  })),
  'edit: an end date': editTheLoop(({ now }) => ({
    config: { endAt: toInstant(inSeconds(STEP_SECONDS, now)) },
  })),
  'edit to an unreadable rule': editTheLoop(() => ({
    heartbeatInterval: null,
    schedulePattern: 'nonsense',
  })),
  'hand edit of the rule': inTheLoop(byHand({ heartbeatInterval: null, schedulePattern: 'nonsense' })),
  'a question': inTheLoop((model) =>
    model.state.humanWaiting
      ? null
      : {
          ...model,
          open: { ...model.open, question: true },
          state: frozen({ ...model.state, humanWaiting: true }),
        },
  ),
  'answer the question': (model) => (model.open.question ? answer(model, null, 'approve') : null),
  'answer the question, for later': (model) =>
    model.open.question ? answer(model, null, 'left', { when: 'next' }) : null,
  'nobody answers the question': (model) =>
    model.open.question ? answer(model, null, 'left', { isUnanswered: true }) : null,
  'an answer is taken back': takenBack('question', 'approve'),
  'a completion is taken back': takenBack('goal', 'complete'),
  'a stop is taken back': takenBack('budget', 'stop'),
  'a retry is taken back': takenBack('failure', 'retry'),
  'an approval is taken back': takenBack('approval', 'approve'),
  'the goal is met': ifOpen('goal', 'complete'),
  'the goal is not met': ifOpen('goal', 'continue'),
  'raise the cap': ifOpen('budget', 'raise'),
  'wait for the budget': ifOpen('budget', 'wait'),
  'stop for the budget': ifOpen('budget', 'stop'),
  'raise the cap in the settings': (model) =>
    ifOpen('budget', RECOVERED_ACTION)(model) ?? act('edit', decideRoomMade)(model),
  retry: ifOpen('failure', 'retry'),
  'dismiss the failure': ifOpen('failure', 'dismiss'),
  approve: ifOpen('approval', 'approve'),
  feedback: ifOpen('approval', 'feedback'),
  'the check is passed': verdict('passed'),
  'the check is not passed': verdict('failed'),
  'the check is turned off': editTheLoop(({ state }) => ({ config: { ...state.config, review: undefined } })),
  'try again': ifOpen('review', 'retry'),
  'accept the work': ifOpen('review', 'accept'),
  'feedback about the work': ifOpen('review', 'feedback'),
  'a dependency': (model) =>
    model.state.status === 'backlog' && model.state.waitsFor.length === 0
      ? byHand({ waitsFor: [dependency()] })(model)
      : null,
  'dependencies met': waitingFor([]),
  'a second dependency': (model) =>
    model.state.waitsFor.length === 1 && model.open.dependency
      ? byHand({ waitsFor: [...model.state.waitsFor, dependency(null, DEPENDENCY_IDS[1])] })(model)
      : null,
  'the dependency is canceled': waitingFor([dependency('canceled')]),
  'the dependency is deleted': waitingFor([dependency('deleted')]),
  'the dependency is swept': dependencySwept,
  'start anyway': answerDependency('start'),
  'drop the dependency': answerDependency('drop'),
  'cancel instead of waiting': answerDependency('cancel'),
};

/** Everything that can happen to a task. */
export const EVENTS: Record<string, Step> = { ...ORDINARY, ...FAILURES, ...APPROVALS, ...ABSENCES };

/** What a person does, besides these events, to bring a task back. */
export const REMEDIES: Record<string, Step> = {
  ...EVENTS,
  'edit: no end date': edit(() => ({ config: {} })),
};
