import type { OperationStatus } from '@everbeat/domain';
import type { Queryable } from './queryable';

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
