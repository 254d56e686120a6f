import { toInstant } from '@everbeat/domain';
import { lockWait } from '../sql/lockWait';
import type { Queryable } from '../sql/queryable';

interface OwnComment {
  userId: string;
  commentId: string;
}

/** A comment `c` of a person ($2) on a task `t` of theirs ($1). What an agent wrote, nobody changes. */
const IS_OWN = `c.id = $2::uuid and c.user_id = $1 and c.author = 'user' and t.id = c.task_id and t.deleted_at is null`;

const recorded = (change: 'edited' | 'deleted', at: string): string =>
  `insert into everbeat.task_activities (task_id, user_id, kind, reason, ref_id, created_at)
     select task_id, user_id, 'comment', '${change}', id, ${at}::timestamptz from changed`;

/** False: the person has written no such comment. */
export async function editComment(
  db: Queryable,
  { userId, commentId, content }: OwnComment & { content: string },
  now: Date,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'everbeat_edit_comment',
    text: `with changed as (
        update everbeat.task_comments c set content = $3
        from everbeat.tasks t, ${lockWait('alone')} where ${IS_OWN}
        returning c.id, c.task_id, c.user_id
      )
      ${recorded('edited', '$4')}`,
    values: [userId, commentId, content, toInstant(now)],
  });
  return rowCount === 1;
}

/** False: the person has written no such comment. */
export async function deleteComment(
  db: Queryable,
  { userId, commentId }: OwnComment,
  now: Date,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'everbeat_delete_comment',
    text: `with changed as (
        delete from everbeat.task_comments c
        using everbeat.tasks t, ${lockWait('alone')} where ${IS_OWN}
        returning c.id, c.task_id, c.user_id
      )
      ${recorded('deleted', '$3')}`,
    values: [userId, commentId, toInstant(now)],
  });
  return rowCount === 1;
}
