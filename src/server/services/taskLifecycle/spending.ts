import {
  countLateSpend,
  findOperationAgent,
  type PlanWrite,
  readScopes,
  spendScopesAt,
} from '@everbeat/database';
import {
  agentIdOfRun,
  countedMicros,
  countedTokens,
  errorMessage,
  MEMORY_DOCUMENT,
  type TaskState,
} from '@everbeat/domain';
import { warnOfCaps } from '../spend/budgetWarnings';
import type { OperationCompletion } from './completion';
import type { LifecycleDeps } from './decideAndCommit';
import type { TaskWriteExtras } from './planWrite';

/** What of a report costs anything. */
const amountsOf = ({ usage }: OperationCompletion) => ({
  micros: countedMicros(usage?.costUsd ?? 0),
  input_tokens: countedTokens(usage?.inputTokens ?? 0),
  output_tokens: countedTokens(usage?.outputTokens ?? 0),
});

function costsAnything(completion: OperationCompletion): boolean {
  if (completion.usage === null) return false;
  const { micros, input_tokens, output_tokens } = amountsOf(completion);
  return micros > 0 || input_tokens > 0 || output_tokens > 0;
}

/**
 * What the agent of a run reports that it has cost, for the commit that settles it (PROTOCOL §10). Null:
 * nothing, or the run keeps steps, each of which was counted.
 * @throws database errors
 */
export async function reportedSpend(
  { db, ids }: Pick<LifecycleDeps, 'db' | 'ids'>,
  state: TaskState,
  completion: OperationCompletion,
  now: Date,
): Promise<PlanWrite['spend']> {
  if (completion.leaseEpoch !== undefined || !costsAnything(completion)) return null;
  const agentId = agentIdOfRun(state);
  return {
    id: ids.row(),
    agent_id: agentId,
    is_priced: completion.usage?.costUsd !== undefined,
    occurrence: state.operation?.occurrence ?? completion.operationId,
    ...amountsOf(completion),
    scopes: spendScopesAt(await readScopes(db, { taskId: state.id, agentId }), now),
  };
}

/**
 * What a run has cost whose end was settled without its report, because that came too late. It is counted
 * once, however often it is reported.
 * @throws database errors
 */
export async function countLate(deps: LifecycleDeps, completion: OperationCompletion): Promise<void> {
  if (completion.leaseEpoch !== undefined || !costsAnything(completion)) return;
  const { db, clock } = deps;
  const { taskId, userId, operationId } = completion;
  const agent = await findOperationAgent(db, { id: operationId, userId });
  const spender = { taskId, userId, agentId: agent?.id ?? null };
  const now = clock.now();
  const spend = {
    agent_id: spender.agentId,
    is_priced: completion.usage?.costUsd !== undefined,
    ...amountsOf(completion),
    scopes: spendScopesAt(await readScopes(db, spender), now),
  };
  await countLateSpend(db, { operationId, userId, spend }, now);
  await warn(deps, spender);
}

/**
 * Whether a run has cost something and reports nothing that a person reads: no brief, no comment, no subtask,
 * and no document but what its agent notes for itself.
 */
export function isIdle(completion: OperationCompletion, extras: TaskWriteExtras): boolean {
  if (!costsAnything(completion)) return false;
  const { briefs = [], comments = [], subtasks = [], documents = [], outage = null } = extras;
  const others = documents.filter(({ name }) => name !== MEMORY_DOCUMENT);
  const count = briefs.length + comments.length + subtasks.length + others.length;
  return count === 0 && outage === null;
}

/**
 * Tells the person that most of a cap is spent. It is done after the commit that settles the run: if it
 * fails, the next run that spends anything tells it.
 */
export async function warnOfBudgets(
  deps: LifecycleDeps,
  state: TaskState,
  completion: OperationCompletion,
): Promise<void> {
  if (!costsAnything(completion) || completion.status === 'budget') return;
  await warn(deps, { userId: state.userId, taskId: state.id, agentId: agentIdOfRun(state) });
}

async function warn(
  deps: LifecycleDeps,
  spender: { userId: string; taskId: string; agentId: string | null },
): Promise<void> {
  try {
    await warnOfCaps(deps, spender, await readScopes(deps.db, spender));
  } catch (error) {
    deps.logger.warn(
      { taskId: spender.taskId, reason: errorMessage(error) },
      'Nobody could be told of a budget yet',
    );
  }
}
