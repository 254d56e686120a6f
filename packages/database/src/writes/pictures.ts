import { LIMITS, toInstant } from '@everbeat/domain';
import type { Queryable } from '../sql/queryable';

/**
 * Stores a picture of a task, once, and removes those beyond the newest. It is stored before the brief that
 * shows it: one whose run was lost is removed like any other. Returns whether the task is there. Reads
 * task_pictures_task_idx.
 */
export async function savePicture(
  db: Queryable,
  { id, taskId, userId, picture }: { id: string; taskId: string; userId: string; picture: Uint8Array },
  now: Date,
): Promise<boolean> {
  const { rows } = await db.query<{ isThere: boolean }>({
    name: 'everbeat_save_picture',
    text: `
      with task as (
        select t.id, t.user_id from everbeat.tasks t
        where t.id = $2::uuid and t.user_id = $3 and t.deleted_at is null for key share
      ), saved as (
        insert into everbeat.task_pictures (id, task_id, user_id, picture, taken_at)
        select $1::uuid, t.id, t.user_id, $4::bytea, $5::timestamptz from task t
        on conflict (id) do nothing
        returning task_id
      ), past as (
        delete from everbeat.task_pictures p using saved s
        where p.id = any(array(
          select o.id from everbeat.task_pictures o where o.task_id = s.task_id
          order by o.taken_at desc offset ${LIMITS.picturesPerTaskMax - 1}))
      )
      select exists (select 1 from task) as "isThere"`,
    values: [id, taskId, userId, Buffer.from(picture), toInstant(now)],
  });
  return rows[0]?.isThere ?? false;
}
