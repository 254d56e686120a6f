import { toInstant } from '@everbeat/domain';
import { isAwake } from '../sql/inbox';
import { lockWait } from '../sql/lockWait';
import type { Queryable } from '../sql/queryable';

/**
 * Records when the person first saw the brief. One that is snoozed comes back unread, whoever looks at it
 * before. A brief of another user is left alone, without an error.
 */
export async function markBriefRead(
  db: Queryable,
  brief: { userId: string; briefId: string },
  now: Date,
): Promise<void> {
  await db.query({
    name: 'everbeat_mark_brief_read',
    text: `
      with changed as (
        update everbeat.briefs b set read_at = $3::timestamptz
        from everbeat.tasks t, ${lockWait('alone')}
        where b.id = $2::uuid and b.user_id = $1 and b.read_at is null
          and ${isAwake('b', '$3::timestamptz')} and t.id = b.task_id and t.deleted_at is null
        returning b.id, b.task_id, b.user_id
      )
      insert into everbeat.task_activities (task_id, user_id, kind, reason, ref_id, created_at)
      select task_id, user_id, 'brief', 'read', id, $3::timestamptz from changed`,
    values: [brief.userId, brief.briefId, toInstant(now)],
  });
}
