import { LIMITS, toInstant } from '@everbeat/domain';
import { ARM } from '../sql/arm';
import { lockWait } from '../sql/lockWait';
import type { Queryable } from '../sql/queryable';

/** The tasks that a person looks at: some, or those of some briefs. */
export type LookTarget = { taskIds: readonly string[] } | { briefIds: readonly string[] };

const IS_SLOWED = `(${ARM} -> 'absence' ->> 'slowed') = 'true'`;

/** Whether a look is recorded: once an hour, and always where it ends something. `$2`: now. */
const isNews = (isSlowed: string): string => `(t.seen_at is null or t.seen_at > $2::timestamptz
  or t.seen_at < $2::timestamptz - make_interval(secs => ${LIMITS.lookSeconds}) or ${isSlowed})`;

/**
 * Records that a person has looked at tasks, of their own alone. Returns those that are slowed down, which a
 * decision has to arm anew. It makes no new revision: a commit that would slow a task down compares the time
 * (`commit/guard.ts`).
 * @throws 55P03 when another session holds one of the rows; nothing was written then
 */
export async function recordLook(
  db: Queryable,
  userId: string,
  target: LookTarget,
  now: Date,
): Promise<string[]> {
  const { rows } = await db.query<{ id: string; isSlowed: boolean }>({
    name: 'everbeat_record_look',
    text: `
      with looked as (
        select t.id, coalesce(${IS_SLOWED}, false) as is_slowed from everbeat.tasks t, ${lockWait('alone')}
        where t.user_id = $1 and t.deleted_at is null and ${isNews(IS_SLOWED)}
          and t.id in (select unnest($3::uuid[])
            union all select b.task_id from everbeat.briefs b where b.id = any($4::uuid[]) and b.user_id = $1)
        order by t.id for update of t
      )
      update everbeat.tasks t set seen_at = $2::timestamptz from looked l where t.id = l.id
      returning t.id, l.is_slowed as "isSlowed"`,
    values: [userId, toInstant(now), ...('taskIds' in target ? [target.taskIds, []] : [[], target.briefIds])],
  });
  return rows.filter(({ isSlowed }) => isSlowed).map(({ id }) => id);
}

/**
 * The part of a statement, named `told`, that records the tasks of the deliveries `sent` as told of. A
 * message may be read where it arrives, and nobody can know: so what a channel has told of does not lie
 * unread from then on. That a task was slowed down does not count. A row that another session holds is passed
 * over.
 */
export const toldTasks = (sent: string): string => `told as (
    update everbeat.tasks t set seen_at = $4::timestamptz
    from (
      select n.id from everbeat.tasks n
      where n.id in (select s.task_id from ${sent} s
          left join everbeat.briefs b on b.id = s.brief_id where b.purpose is distinct from 'absence')
        and (n.seen_at is null or n.seen_at < $4::timestamptz - make_interval(secs => ${LIMITS.lookSeconds}))
      for update of n skip locked) n
    where t.id = n.id
  )`;
