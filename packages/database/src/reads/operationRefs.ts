import { agents, operations } from '../schema';
import { agentOfRun } from '../sql/arm';
import { type SelectedBy, selection } from '../sql/columns';
import { firstRow, type Queryable } from '../sql/queryable';

const REF = selection(operations, ['id', 'taskId', 'topicId', 'userId', 'status', 'trigger', 'callbackHash']);

/** What identifies an operation that a message or a request names, and whether it still runs. */
export type OperationRef = SelectedBy<typeof REF>;

/** Null: no such operation. It may be any user's: the caller compares the owner. */
export async function findOperation(db: Queryable, operationId: string): Promise<OperationRef | null> {
  return firstRow<OperationRef>(db, {
    name: 'everbeat_find_operation',
    text: `select ${REF.of('o')} from everbeat.operations o where o.id = $1::uuid`,
    values: [operationId],
  });
}

const RUN_AGENT = selection(agents, ['id', 'kind', 'config']);
export type RunAgent = SelectedBy<typeof RUN_AGENT>;

/**
 * The present agent of an operation, its configuration as it is stored: of the reviewer, if it checks the
 * work of another. Null: there is none of this user's.
 */
export async function findOperationAgent(
  db: Queryable,
  operation: { id: string; userId: string },
): Promise<RunAgent | null> {
  return firstRow<RunAgent>(db, {
    name: 'everbeat_find_operation_agent',
    text: `select ${RUN_AGENT.of('a')} from everbeat.operations o join everbeat.tasks t on t.id = o.task_id
           join everbeat.agents a on a.user_id = t.user_id and a.id = ${agentOfRun('o.trigger')}
           where o.id = $1::uuid and o.user_id = $2`,
    values: [operation.id, operation.userId],
  });
}
