import type { OperationStatus } from '@everbeat/domain';
import type { Queryable } from '../sql/queryable';

/** What a door needs to know of an operation that somebody names. */
export interface OperationRef {
  id: string;
  taskId: string;
  topicId: string;
  userId: string;
  status: OperationStatus;
  callbackHash: string;
}

/** Null when there is no such operation. Whose it is, is for the caller to compare. */
export async function findOperation(db: Queryable, operationId: string): Promise<OperationRef | null> {
  const { rows } = await db.query<{
    id: string;
    task_id: string;
    topic_id: string;
    user_id: string;
    status: OperationStatus;
    callback_hash: string;
  }>({
    name: 'everbeat_find_operation',
    text: 'select id, task_id, topic_id, user_id, status, callback_hash from operations where id = $1::uuid',
    values: [operationId],
  });
  const [row] = rows;
  if (row === undefined) return null;
  return {
    id: row.id,
    taskId: row.task_id,
    topicId: row.topic_id,
    userId: row.user_id,
    status: row.status,
    callbackHash: row.callback_hash,
  };
}

/**
 * The stored configuration of the agent that a task has now, its secrets included. Null where the task is not this user's, or has
 * no agent of theirs.
 */
export async function findAgentConfig(
  db: Queryable,
  task: { taskId: string; userId: string },
): Promise<unknown> {
  const { rows } = await db.query<{ config: unknown }>({
    name: 'everbeat_find_agent_config',
    text: `select a.config from tasks t join agents a on a.id = t.agent_id and a.user_id = t.user_id
           where t.id = $1::uuid and t.user_id = $2`,
    values: [task.taskId, task.userId],
  });
  return rows[0]?.config ?? null;
}
