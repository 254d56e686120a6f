import type { StepQuestion } from '@everbeat/agents';
import type { UnaskedOperation } from '@everbeat/database';
import { approvalEndsAt, decideGoOn, decidePark, type TaskState } from '@everbeat/domain';
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
  /** The id of the brief that asks, which the step names. */
  briefId: string;
  question: StepQuestion;
}

/**
 * Leaves a run to the person's answer: its operation waits, holding no lease, with one urgent brief. If it
 * has ended meanwhile, or is another process's, nothing is written. `known` is the state as the claim left
 * it.
 * @throws database errors; nothing was written then
 */
export async function parkRun(deps: LifecycleDeps, parked: ParkedRun, known?: TaskState): Promise<void> {
  const { question, briefId } = parked;
  await decideUnlessDeleted(deps, { ...parked, first: known }, (state, now) => {
    if (!isRunning(state, parked)) return null;
    const scheduler = decidePark(state);
    if (scheduler === null) return null;
    const until = approvalEndsAt(now, question.waitHours);
    const brief = briefWrite(deps.ids, {
      type: 'decision',
      priority: 'urgent',
      purpose: 'tool',
      title: question.title,
      summary: question.summary,
      actions: question.actions,
      expiresAt: until,
      defaultAction: question.defaultAction ?? null,
    });
    const operation = openOperation(state.operation, 'waiting', until);
    return { ...bumpRevision(state, { operation, briefs: [{ ...brief, id: briefId }] }), scheduler };
  });
}

/**
 * The person has answered: the operation is to be gone on with. Null: it does not wait (any more), so the
 * answer is recorded and changes nothing else.
 */
export function goesOn(state: TaskState, now: Date, extras: TaskWriteExtras): TaskWrite | null {
  const scheduler = decideGoOn(state);
  if (scheduler === null) return null;
  const until = new Date(now.getTime() + state.heartbeatTimeout * 1_000);
  const operation = openOperation(state.operation, 'running', until);
  return { ...bumpRevision(state, { ...extras, operation }), scheduler };
}

/**
 * A run waits for the answer to a question that was removed by hand: it goes on, and asks again. Returns
 * whether it does.
 */
export async function goOnUnasked(
  deps: LifecycleDeps,
  { taskId, userId, operationId, leaseEpoch }: UnaskedOperation,
): Promise<boolean> {
  const write = await decideUnlessDeleted(deps, { taskId, userId }, (state, now) => {
    const isSame = state.operation?.id === operationId && state.operation.leaseEpoch === leaseEpoch;
    return isSame ? goesOn(state, now, {}) : null;
  });
  return write !== null;
}
