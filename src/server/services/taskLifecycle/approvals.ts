import type { StepQuestion } from '@everbeat/agents';
import type { ExpiredApproval } from '@everbeat/database';
import {
  actionsOf,
  approvalEndsAt,
  decideGoOn,
  decidePark,
  LIMITS,
  type TaskState,
  toInstant,
  unansweredAction,
} from '@everbeat/domain';
import { briefWrite } from './briefWrites';
import { decideUnlessDeleted, type LifecycleDeps } from './decideAndCommit';
import { bumpRevision, openOperation, type TaskWrite, type TaskWriteExtras } from './planWrite';
import { isRunning } from './settle';

/** A run that has come to a step which a person must approve (PROTOCOL §9). */
export interface ParkedRun {
  taskId: string;
  userId: string;
  operationId: string;
  topicId: string;
  leaseEpoch: number;
  /** Of the brief that asks, which the step names. */
  briefId: string;
  question: StepQuestion;
}

/**
 * Leaves a run to the person's answer: its operation waits, holding no lease, with one urgent brief. If it has ended
 * meanwhile, or is another process's, nothing is written. `known` is the state as the claim left it.
 * @throws database errors; nothing was written then
 */
export async function parkRun(deps: LifecycleDeps, parked: ParkedRun, known?: TaskState): Promise<void> {
  const { question, briefId } = parked;
  await decideUnlessDeleted(deps, { ...parked, first: known }, (state, now) => {
    if (!isRunning(state, parked)) return null;
    const scheduler = decidePark(state);
    if (scheduler === null) return null;
    const brief = briefWrite(deps.ids, {
      ...{ type: 'decision', priority: 'urgent', purpose: 'tool' },
      ...{ title: question.title, summary: question.summary, actions: question.actions },
    });
    const until = approvalEndsAt(now, question.waitHours);
    const operation = openOperation(state.operation, 'waiting', until);
    return { ...bumpRevision(state, { operation, briefs: [{ ...brief, id: briefId }] }), scheduler };
  });
}

/**
 * The person has answered: the operation is to be gone on with. Null: it does not wait (any more), so the answer is
 * recorded and changes nothing else.
 */
export function goesOn(state: TaskState, now: Date, extras: TaskWriteExtras): TaskWrite | null {
  const scheduler = decideGoOn(state);
  if (scheduler === null) return null;
  const until = new Date(now.getTime() + state.heartbeatTimeout * 1_000);
  const operation = openOperation(state.operation, 'running', until);
  return { ...bumpRevision(state, { ...extras, operation }), scheduler };
}

/**
 * Nobody has answered in time: what the question names for that is taken, or else it is a no, and the person is told.
 * Returns whether the run goes on.
 */
export async function expireApproval(
  deps: LifecycleDeps,
  { taskId, userId, operationId, leaseEpoch, briefId, title, actions }: ExpiredApproval,
): Promise<boolean> {
  const write = await decideUnlessDeleted(deps, { taskId, userId }, (state, now) => {
    // It may have been answered since it was found, and may ask something else by now.
    if (state.operation?.id !== operationId || state.operation.leaseEpoch !== leaseEpoch) return null;
    if (briefId === null) return goesOn(state, now, {});
    const action = unansweredAction(actions ?? []);
    const label = actions?.find(({ key, isDefault }) => key === action && isDefault)?.label;
    const comment = label === undefined ? `Nobody answered within ${LIMITS.approvalDays} days.` : null;
    const effect = { kind: 'runs-now', at: toInstant(now), isUnanswered: true } as const;
    const told = briefWrite(deps.ids, {
      ...{ type: 'insight', priority: 'normal', purpose: null, actions: actionsOf('acknowledge') },
      ...toldOf(state, title ?? '', label),
    });
    return goesOn(state, now, { resolved: [{ id: briefId, action, comment, effect }], briefs: [told] });
  });
  return write !== null;
}

/** `label`: of the option that was taken; undefined: it counts as a no. */
const toldOf = ({ identifier }: TaskState, title: string, label: string | undefined) =>
  label === undefined
    ? {
        title: `${identifier} went on without your approval`,
        summary: `It asked something, and nobody answered within ${LIMITS.approvalDays} days. That counts as declined: the agent was told so.\n\n> ${title}`,
      }
    : {
        title: `${identifier} went on without your answer: “${label}” was taken`,
        summary: `Nobody answered in time, so the agent went on with what it had said it would take.\n\n> ${title}`,
      };
