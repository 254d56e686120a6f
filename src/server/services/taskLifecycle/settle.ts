import { findOperation } from '@everbeat/database';
import { decideCompletion, decideRollback, isUuid, type TaskState } from '@everbeat/domain';
import { decideAndCommit, type LifecycleDeps, unlessGone } from './decideAndCommit';
import { planWrite } from './planWrite';
import { bringsUrgentBrief, type OperationCompletion, settleExtras } from './settleExtras';

export type SettleAnswer = { settled: true } | { settled: false; reason: 'not-found' | 'already-settled' };

/**
 * Settles an operation, once (PROTOCOL §3.3): a second or late completion changes nothing. `known` is the
 * state as the claim left it; when nothing has touched the task since, settling costs one round trip.
 * @throws when the database is away; nothing was written then
 */
export async function settleOperation(
  deps: LifecycleDeps,
  completion: OperationCompletion,
  known?: TaskState,
): Promise<SettleAnswer> {
  if (!isUuid(completion.taskId) || !isUuid(completion.operationId))
    return { settled: false, reason: 'not-found' };
  const target = { taskId: completion.taskId, userId: completion.userId, first: known };
  const write = await unlessGone(deps, target, (state, now) => {
    if (!isRunning(state, completion)) return null;
    const plan = decideCompletion(
      state,
      {
        status: completion.status,
        errorMessage: completion.errorMessage,
        goalMet: completion.report?.goalMet ?? false,
        nextRunInSeconds: completion.report?.nextRunInSeconds ?? null,
        bringsUrgentBrief: bringsUrgentBrief(completion.report),
      },
      now,
    );
    return planWrite(state, plan, { ...deps, now }, settleExtras(state, completion, plan, deps.ids));
  });
  return write === null ? await refusalReason(deps, completion) : { settled: true };
}

const isRunning = (
  state: TaskState,
  completion: Pick<OperationCompletion, 'operationId' | 'topicId'>,
): boolean =>
  state.operation?.id === completion.operationId && state.operation.topicId === completion.topicId;

async function refusalReason(deps: LifecycleDeps, completion: OperationCompletion): Promise<SettleAnswer> {
  const operation = await findOperation(deps.db, completion.operationId);
  const isTheirs =
    operation?.userId === completion.userId &&
    operation.taskId === completion.taskId &&
    operation.topicId === completion.topicId;
  return { settled: false, reason: isTheirs ? 'already-settled' : 'not-found' };
}

/** Undoes a claim of the caller's own whose operation could not be started: the task is what it was before. */
export async function rollbackClaim(
  deps: LifecycleDeps,
  claim: { taskId: string; userId: string; operationId: string; topicId: string; errorMessage: string },
): Promise<void> {
  await decideAndCommit(deps, claim, (state, now) => {
    if (!isRunning(state, claim)) return null;
    return planWrite(
      state,
      decideRollback(state, now),
      { ...deps, now },
      {
        operation: {
          id: claim.operationId,
          status: 'error',
          error_code: 'start_failed',
          error_message: claim.errorMessage,
          usage: null,
          title: null,
          handoff: null,
        },
      },
    );
  });
}
