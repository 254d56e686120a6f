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
    const operation = openOperation(state.operation, 'waiting', approvalEndsAt(now));
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

/** Nobody has answered in time: that is a no, and the person is told. Returns whether the run goes on. */
export async function expireApproval(
  deps: LifecycleDeps,
  { taskId, userId, operationId, briefId }: ExpiredApproval,
): Promise<boolean> {
  const write = await decideUnlessDeleted(deps, { taskId, userId }, (state, now) => {
    if (state.operation?.id !== operationId) return null;
    const effect = { kind: 'runs-now', at: toInstant(now) } as const;
    const comment = `Nobody answered within ${LIMITS.approvalDays} days.`;
    const resolved = briefId === null ? [] : [{ id: briefId, action: 'decline', comment, effect }];
    const told = briefWrite(deps.ids, {
      ...{ type: 'insight', priority: 'normal', purpose: null, actions: actionsOf('acknowledge') },
      title: `${state.identifier} went on without your approval`,
      summary: `It asked whether it may call a tool, and nobody answered within ${LIMITS.approvalDays} days. That counts as declined: the call was not made, and the agent was told so.`,
    });
    return goesOn(state, now, { resolved, briefs: briefId === null ? [] : [told] });
  });
  return write !== null;
}
