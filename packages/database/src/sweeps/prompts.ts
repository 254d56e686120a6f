import { toInstant } from '@everbeat/domain';
import { lockWait } from '../sql/lockWait';
import { mayGoOn } from '../sql/mayGoOn';
import { BEFORE_ALL_IDS } from '../sql/newestRows';
import { firstRow, type Queryable } from '../sql/queryable';
import { OCCURRENCE } from '../state/taskState';

/** A later attempt has made the first step again, so nobody reads that of the operation `o` any more. */
const IS_MADE_AGAIN = `exists (
          select 1 from everbeat.operations n join everbeat.operation_steps k on k.operation_id = n.id and k.index = 0
          where (n.task_id, n.id) > (o.task_id, o.id) and n.task_id <= o.task_id
            and n.occurrence = o.occurrence and n.attempt > o.attempt and k.input is not null)`;

/**
 * Looks at a page of the prompts that runs have stored with their first step, from `after` on, and clears
 * those that no run can go on from. What the agent was given is kept as a recipe. `end` is where the page
 * ends; null when it is the last one. Reads operation_steps_prompts_idx.
 * @throws contention when another session holds one of the rows
 */
export async function clearPrompts(
  db: Queryable,
  { now, limit, after }: { now: Date; limit: number; after: string | null },
): Promise<{ cleared: number; end: string | null }> {
  const row = await firstRow<{ cleared: number; looked: number; end: string | null }>(db, {
    name: 'everbeat_clear_prompts',
    text: `
      with page as materialized (
        select s.operation_id from everbeat.operation_steps s, ${lockWait('alone')}
        where s.index = 0 and s.kind = 'model' and s.input is not null and s.operation_id > $1::uuid
        order by s.operation_id limit $2
      ), cleared as (
        update everbeat.operation_steps s set input = null
        from page p join everbeat.operations o on o.id = p.operation_id
        where s.operation_id = p.operation_id and s.index = 0
          and (not ${mayGoOn({ taskId: 'o.task_id', occurrence: OCCURRENCE, now: '$3::timestamptz' })} or ${IS_MADE_AGAIN})
        returning 1
      )
      select (select count(*)::int from cleared) as cleared, (select count(*)::int from page) as looked,
        (select operation_id from page order by operation_id desc limit 1) as end`,
    values: [after ?? BEFORE_ALL_IDS, limit, toInstant(now)],
  });
  if (row === null) return { cleared: 0, end: null };
  return { cleared: row.cleared, end: row.looked < limit ? null : row.end };
}
