import { toInstant } from '@everbeat/domain';
import type { Queryable } from '../sql/queryable';

/**
 * Deletes a task with all that hangs on it; its subtasks stay, without a parent. Answers what was in flight, so that it can be
 * stopped, or null when there is no such task of this user. The feed keeps one row that tells of it.
 */
export async function deleteTask(
  db: Queryable,
  task: { taskId: string; userId: string },
  now: Date,
): Promise<{ operationId: string | null; messageId: string | null } | null> {
  const { rows } = await db.query<{ operation_id: string | null; message_id: string | null }>({
    name: 'everbeat_delete_task',
    text: `
      with gone as (
        delete from tasks t where t.id = $1::uuid and t.user_id = $2
        returning t.id, t.user_id, t.context -> 'scheduler' ->> 'tickMessageId' as message_id
      ), forgotten as (
        delete from task_activities a using gone where a.task_id = gone.id
      ), told as (
        insert into task_activities (task_id, user_id, kind, created_at)
        select id, user_id, 'deleted', $3::timestamptz from gone
      )
      select (select o.id from operations o where o.task_id = gone.id and o.status = 'running') as operation_id,
        gone.message_id
      from gone`,
    values: [task.taskId, task.userId, toInstant(now)],
  });
  const [row] = rows;
  return row === undefined ? null : { operationId: row.operation_id, messageId: row.message_id };
}
