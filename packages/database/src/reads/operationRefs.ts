import { operations } from '../schema';
import { type SelectedBy, selection } from '../sql/columns';
import { firstRow, type Queryable } from '../sql/queryable';

const REF = selection(operations, ['id', 'taskId', 'topicId', 'userId', 'status', 'callbackHash']);

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

/**
 * The stored configuration of the task's present agent, secrets included. Null when the task is not this
 * user's or has no agent of theirs.
 */
export async function findAgentConfig(
  db: Queryable,
  task: { taskId: string; userId: string },
): Promise<unknown> {
  const { rows } = await db.query<{ config: unknown }>({
    name: 'everbeat_find_agent_config',
    text: `select a.config from everbeat.tasks t join everbeat.agents a on a.id = t.agent_id and a.user_id = t.user_id
           where t.id = $1::uuid and t.user_id = $2`,
    values: [task.taskId, task.userId],
  });
  return rows[0]?.config ?? null;
}
