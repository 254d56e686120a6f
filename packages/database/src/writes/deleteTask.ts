import { toInstant } from '@everbeat/domain';
import { firstRow, type Queryable } from '../sql/queryable';

/**
 * Deletes a task and everything that belongs to it; its subtasks stay, without a parent. One row in the feed
 * records the deletion. Returns the running operation and the published message, so that they can be stopped.
 * Null: no such task of this user.
 */
export async function deleteTask(
  db: Queryable,
  task: { taskId: string; userId: string },
  now: Date,
): Promise<{ operationId: string | null; messageId: string | null } | null> {
  const row = await firstRow<{ operation_id: string | null; message_id: string | null }>(db, {
    name: 'everbeat_delete_task',
    text: `
      with removed as (
        delete from everbeat.tasks t where t.id = $1::uuid and t.user_id = $2
        returning t.id, t.user_id, t.context -> 'scheduler' ->> 'tickMessageId' as message_id
      ), history_deleted as (
        delete from everbeat.task_activities a using removed where a.task_id = removed.id
      ), recorded as (
        insert into everbeat.task_activities (task_id, user_id, kind, created_at)
        select id, user_id, 'deleted', $3::timestamptz from removed
      )
      select (select o.id from everbeat.operations o where o.task_id = removed.id and o.status = 'running') as operation_id,
        removed.message_id
      from removed`,
    values: [task.taskId, task.userId, toInstant(now)],
  });
  return row === null ? null : { operationId: row.operation_id, messageId: row.message_id };
}
