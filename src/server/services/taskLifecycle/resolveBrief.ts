import { type BriefRef, editedColumns, findBrief } from '@everbeat/database';
import {
  type AnswerEffect,
  type AnswerTime,
  AppError,
  type BriefActionView,
  decideBriefResolution,
  type TaskPlan,
  type TaskState,
  toInstant,
  withAddedSettings,
} from '@everbeat/domain';
import { orThrow } from '../reads/ReadService';
import { goesOn } from './approvals';
import { decideAndCommit, type LifecycleDeps } from './decideAndCommit';
import { bumpRevision, planWrite, type TaskWrite, type TaskWriteExtras } from './planWrite';
import { answerSubtasks } from './runSubtasks';

export interface Resolution {
  /** The key of one of the brief's actions. */
  action: string;
  comment: string | null;
  /** When a task that waited for this answer runs. */
  when: AnswerTime;
}

/**
 * Resolves a brief and changes its task accordingly, in one commit. A brief that was resolved already keeps its
 * first resolution, and nothing changes.
 * @throws AppError `brief-not-found`, `action-not-offered`
 */
export async function resolveBrief(
  deps: LifecycleDeps,
  userId: string,
  { id, ...answer }: Resolution & { id: string },
): Promise<void> {
  const requireBrief = async () => orThrow(await findBrief(deps.db, userId, id), 'brief-not-found');
  const { taskId } = await requireBrief();
  const target = { taskId, userId, assuming: { resolvedBriefId: id } };
  await decideAndCommit(deps, target, async (state, now) => {
    // Read after the state: resolving it from here on would change the revision, and nothing would be
    // written.
    const brief = await requireBrief();
    if (brief.isResolved) return null;
    const chosen = brief.actions.find(({ key }) => key === answer.action);
    if (chosen === undefined) {
      const keys = brief.actions.map(({ key }) => key).join(', ');
      throw new AppError('action-not-offered', `This brief can be answered with: ${keys}`);
    }
    const plan = decideBriefResolution(state, brief, answer, now);
    const { action, comment } = answer;
    if (brief.purpose === 'subtasks') {
      const resolved = [{ id, action, comment, effect: effectOf(null, { state, brief }, now) }];
      const others = await answerSubtasks({ ...deps, now }, state, { brief, action });
      return [bumpRevision(state, { resolved }), ...others];
    }
    if (brief.purpose === 'tool') return answerApproval(state, { id, action, comment, chosen }, now);
    const resolved = [{ id, action, comment, effect: effectOf(plan, { state, brief }, now) }];
    const extras = { resolved, ...settingsWrite(state, chosen) };
    return plan === null ? bumpRevision(state, extras) : planWrite(state, plan, { ...deps, now }, extras);
  });
}

/** The answer to a run that asks whether it may call a tool: the run goes on with it, once (PROTOCOL §9). */
function answerApproval(
  state: TaskState,
  {
    id,
    action,
    comment,
    chosen,
  }: Pick<Resolution, 'action' | 'comment'> & { id: string; chosen: BriefActionView },
  now: Date,
): TaskWrite {
  const isWaiting = state.operation?.isWaiting === true;
  const effect: AnswerEffect = isWaiting
    ? { kind: 'runs-now', at: toInstant(now) }
    : { kind: 'recorded', at: null };
  const extras = { resolved: [{ id, action, comment, effect }], ...settingsWrite(state, chosen) };
  return goesOn(state, now, extras) ?? bumpRevision(state, extras);
}

/** What an option adds to the task's settings, such as a part of a page to ignore from now on. */
function settingsWrite({ agentKind, config }: TaskState, { adds }: BriefActionView): TaskWriteExtras {
  if (adds === undefined || agentKind === null) return {};
  return {
    fields: editedColumns({ config: withAddedSettings(config, agentKind, adds) }),
    activities: [{ kind: 'edit', reason: 'config', ref_id: null }],
  };
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
  return { kind: dueAt <= now ? 'runs-now' : 'runs-later', at: toInstant(dueAt) };
}

/** Whether the task waited for this answer, and still waits for another. */
const waitsOn = ({ state, brief }: { state: TaskState; brief: BriefRef }): boolean =>
  brief.priority === 'urgent' &&
  brief.type !== 'error' &&
  state.status === 'scheduled' &&
  state.scheduler.blockedBy === 'urgent-brief';
