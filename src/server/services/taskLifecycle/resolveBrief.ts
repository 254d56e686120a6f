import {
  type BriefRef,
  findBrief,
  loadTaskStates,
  type Queryable,
  readOpenBudgetBriefs,
} from '@everbeat/database';
import {
  type AnswerEffect,
  type AnswerTime,
  type AnswerUndo,
  AppError,
  type BriefActionView,
  type CapRaise,
  decideBriefResolution,
  isBlocking,
  needsWords,
  type TaskPlan,
  type TaskState,
  toInstant,
  wakesAt,
  withAddedSettings,
  withRaisedCaps,
} from '@everbeat/domain';
import { notStarted } from '../readiness/notReadyTasks';
import { orThrow } from '../reads/ReadService';
import { goesOn } from './approvals';
import { decideAndCommit, type LifecycleDeps } from './decideAndCommit';
import { editedConfig } from './editedConfig';
import { defaultTold, type Said, saidBySilence } from './expiredBrief';
import {
  bumpRevision,
  planWrite,
  type TaskWrite,
  type TaskWriteExtras,
  type WriteContext,
} from './planWrite';
import { goOnWithinBudgets } from './roomMade';
import { answerSubtasks, type LeftTasks } from './runSubtasks';
import type { StartGate } from './startGate';
import { whatWasTold } from './stoppedRun';
import { type DecidedAnswer, noUndo, recordUndo } from './undoAnswer';

export interface Resolution {
  /** The key of one of the brief's actions. */
  action: string;
  comment: string | null;
  /** When a task that waited for this answer runs. */
  when: AnswerTime;
  /** It is given by a link in a message. */
  isByLink?: boolean;
  /** The `questionHash` of what it answers. Left out: whatever the brief asks. */
  asked?: string | undefined;
}

/** `silence`: nobody has answered in time. */
type Given = Resolution | 'silence';

/**
 * Resolves a brief and changes its task accordingly, in one commit. A brief that was resolved already keeps
 * its first resolution, and nothing changes. Returns what takes the answer back, or why nothing does.
 * @throws AppError `brief-not-found`, `action-not-offered`, `words-missing`, `agent-not-ready`
 */
export async function resolveBrief(
  deps: LifecycleDeps & { readiness: StartGate },
  userId: string,
  resolution: Resolution & { id: string },
): Promise<AnswerUndo> {
  if (resolution.action === 'start') await assertSubtasksMayStart(deps, userId, resolution.id);
  const answered = await resolveOne(deps, userId, resolution.id, resolution);
  if (answered === null) return noUndo('answered-before');
  await answerOthers(deps, userId, answered.brief, resolution);
  return recordUndo(deps, answered);
}

/** Nobody has answered in time: what the brief says for that case is chosen. Returns whether it was. */
export async function expireBrief(
  deps: LifecycleDeps,
  { userId, briefId }: { userId: string; briefId: string },
): Promise<boolean> {
  try {
    return (await resolveOne(deps, userId, briefId, 'silence')) !== null;
  } catch (error) {
    const isGone =
      error instanceof AppError && (error.code === 'brief-not-found' || error.code === 'task-not-found');
    if (isGone) return false;
    throw error;
  }
}

/**
 * Answers the brief that asks whether to start subtasks with yes, but for some of them, which stay in the
 * backlog.
 * @throws AppError as `resolveBrief`
 */
export async function startSubtasks(
  deps: LifecycleDeps,
  userId: string,
  { id, leaves }: { id: string; leaves: LeftTasks },
): Promise<void> {
  await resolveOne(deps, userId, id, { action: 'start', comment: null, when: 'now' }, leaves);
}

/** The brief stays open, so that the person can answer it again once the agent can run. */
async function assertSubtasksMayStart(
  { db, readiness }: { db: Queryable; readiness: StartGate },
  userId: string,
  briefId: string,
): Promise<void> {
  const brief = await findBrief(db, userId, briefId);
  if (brief?.purpose !== 'subtasks' || brief.isResolved) return;
  const notReady = await readiness.notReadyAmong(userId, brief.subjectIds ?? []);
  if (notReady.size > 0) throw notStarted(notReady.values());
}

/**
 * Returns the answer, if this has given it. Of all that answer a brief at the same moment, in whatever
 * process, exactly one does: each decides from the revision of the task at which it has seen the brief open.
 */
async function resolveOne(
  deps: LifecycleDeps,
  userId: string,
  id: string,
  given: Given,
  leaves: LeftTasks = new Map(),
): Promise<DecidedAnswer | null> {
  let answered: DecidedAnswer | null = null;
  const requireBrief = async () => orThrow(await findBrief(deps.db, userId, id), 'brief-not-found');
  const { taskId } = await requireBrief();
  const target = { taskId, userId, assuming: { resolvedBriefId: id } };
  await decideAndCommit(deps, target, async (state, now) => {
    answered = null;
    // Read after the state: resolving it from here on would change the revision, and nothing would be
    // written.
    const brief = await requireBrief();
    const said = brief.isResolved ? null : saidTo(brief, given, now);
    if (said === null) return null;
    const { chosen } = said;
    const plan = decideBriefResolution(state, brief, { ...chosen, ...said }, now);
    const decided = { brief, chosen, state, plan, tells: false };
    answered = decided;
    const context = { ...deps, now };
    if (brief.purpose === 'subtasks') {
      const resolved = [resolvedBy(said, brief, effectOf(null, { state, brief }, now))];
      const others = await answerSubtasks(context, state, { brief, action: said.action, leaves });
      return [bumpRevision(state, { resolved }), ...others];
    }
    if (brief.purpose === 'tool') return answerApproval(state, brief, said, context);
    const resolved = [resolvedBy(said, brief, effectOf(plan, { state, brief }, now))];
    const extras = { resolved, ...settingsWrite(state, chosen, brief), raises: raisesElsewhere(chosen) };
    const above = await raisedAbove(deps.db, state, chosen);
    const toldOfDefault = defaultTold(state, brief, said, context);
    if (plan === null) return [bumpRevision(state, { ...extras, briefs: toldOfDefault }), ...above];
    const told = await whatWasTold(deps.db, state, plan, context);
    answered = { ...decided, tells: told.briefs !== undefined };
    const briefs = [...(told.briefs ?? []), ...toldOfDefault];
    return [planWrite(state, plan, context, { ...told, ...extras, briefs }), ...above];
  });
  return answered;
}

/**
 * What a brief is answered with. Null: it was asked anew, so that it is no time for its default any more, or
 * asks something else than what was answered.
 * @throws AppError `action-not-offered`, `words-missing`
 */
function saidTo(brief: BriefRef, given: Given, now: Date): Said | null {
  if (given === 'silence') return saidBySilence(brief, now);
  const { action, comment, when, isByLink = false, asked = brief.questionHash } = given;
  if (asked !== brief.questionHash) return null;
  const chosen = brief.actions.find(({ key }) => key === action);
  if (chosen === undefined) {
    const keys = brief.actions.map(({ key }) => key).join(', ');
    throw new AppError('action-not-offered', `This brief can be answered with: ${keys}`);
  }
  // A person who pressed a button of a message has not seen where to write. The API has always taken it
  // without.
  if (isByLink && needsWords(chosen) && (comment ?? '').trim() === '')
    throw new AppError('words-missing', 'Write your words first');
  return { chosen, action, comment, when, ...(isByLink && { isByLink }) };
}

const resolvedBy = (
  { action, comment, isByLink, isUnanswered }: Said,
  { id }: BriefRef,
  effect: AnswerEffect,
): NonNullable<TaskWriteExtras['resolved']>[number] => ({
  id,
  action,
  comment,
  effect: { ...effect, ...(isByLink && { isByLink }), ...(isUnanswered && { isUnanswered }) },
});

/** The answer to a run that asks whether it may call a tool: the run goes on with it, once (PROTOCOL §9). */
function answerApproval(state: TaskState, brief: BriefRef, said: Said, context: WriteContext): TaskWrite {
  const { now } = context;
  const isWaiting = state.operation?.isWaiting === true;
  const effect: AnswerEffect = isWaiting
    ? { kind: 'runs-now', at: toInstant(now) }
    : { kind: 'recorded', at: null };
  const extras = {
    resolved: [resolvedBy(said, brief, effect)],
    briefs: defaultTold(state, brief, said, context),
    ...settingsWrite(state, said.chosen),
  };
  return goesOn(state, now, extras) ?? bumpRevision(state, extras);
}

/**
 * What an option does to the task's settings: adds a part of a page to ignore from now on, or raises a cap.
 */
function settingsWrite(
  state: TaskState,
  { key, adds, raises = [] }: BriefActionView,
  brief?: Pick<BriefRef, 'purpose'>,
): TaskWriteExtras {
  const { id, agentKind, config: before } = state;
  if (brief?.purpose === 'absence' && key === 'keep-rhythm')
    return editedConfig(before, { ...before, absence: 'keep' });
  const budget = withRaisedCaps(before.budget, id, raises);
  const raised = budget === before.budget ? before : { ...before, budget };
  const config =
    adds === undefined || agentKind === null ? raised : withAddedSettings(raised, agentKind, adds);
  return config === before ? {} : editedConfig(before, config);
}

/**
 * The caps of its agent and its owner that an option raises. The commit of the answer raises them, or nothing
 * does.
 */
const raisesElsewhere = ({ raises = [] }: BriefActionView): CapRaise[] | undefined => {
  const elsewhere = raises.filter(({ scope }) => scope !== 'task');
  return elsewhere.length > 0 ? elsewhere : undefined;
};

/** The writes of the tasks above it whose caps an option raises, made with the answer or not at all. */
async function raisedAbove(
  db: Queryable,
  { id, userId }: TaskState,
  chosen: BriefActionView,
): Promise<TaskWrite[]> {
  const { raises = [] } = chosen;
  const ids = raises.flatMap(({ scope, scopeId }) => (scope === 'task' && scopeId !== id ? [scopeId] : []));
  if (ids.length === 0) return [];
  const states = await loadTaskStates(db, [...new Set(ids)]);
  return [...states.values()].flatMap((state) => {
    const settings = state.userId === userId ? settingsWrite(state, { ...chosen, adds: undefined }) : {};
    return settings.fields === undefined ? [] : [bumpRevision(state, settings)];
  });
}

/** The caps that an option of a brief is about. */
const capsOf = (actions: readonly BriefActionView[]): string[] =>
  actions.flatMap(({ raises = [] }) => raises.map(({ scope, scopeId, cap }) => `${scope} ${scopeId} ${cap}`));

/** Other tasks ask the same about caps that they share: one answer is the answer to all of them. */
async function answerOthers(
  deps: LifecycleDeps,
  userId: string,
  answered: BriefRef,
  answer: Resolution,
): Promise<void> {
  if (answered.purpose !== 'budget' || answer.action === 'stop') return;
  const caps = capsOf(answered.actions);
  const others = await readOpenBudgetBriefs(deps.db, userId);
  for (const { briefId: id, actions } of others) {
    const asked = capsOf(actions);
    const isSame = asked.length > 0 && asked.every((cap) => caps.includes(cap));
    if (id !== answered.id && isSame && actions.some(({ key }) => key === answer.action))
      await resolveOne(deps, userId, id, { ...answer, asked: undefined });
  }
  if (answer.action === 'raise') await goOnWithinBudgets(deps, userId);
}

/** What the person reads about what their answer leads to. */
function effectOf(
  plan: TaskPlan | null,
  answered: { state: TaskState; brief: BriefRef },
  now: Date,
): AnswerEffect {
  if (plan === null) return { kind: waitsOn(answered) ? 'waits' : 'recorded', at: null };
  // A task in the backlog waits for the others that it depends on.
  if (plan.status === 'backlog') return { kind: 'recorded', at: null };
  if (plan.arm === null) return { kind: plan.status === 'scheduled' ? 'waits' : 'ended', at: null };
  const { dueAt } = plan.arm;
  return { kind: dueAt <= wakesAt(now) ? 'runs-now' : 'runs-later', at: toInstant(dueAt) };
}

/** Whether the task waited for this answer, and still waits for another. */
const waitsOn = ({ state, brief }: { state: TaskState; brief: BriefRef }): boolean =>
  isBlocking(brief) && state.status === 'scheduled' && state.scheduler.blockedBy === 'urgent-brief';
