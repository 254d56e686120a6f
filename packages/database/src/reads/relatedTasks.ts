import type { RelatedTask } from '@everbeat/domain';
import { allRows, type Queryable } from '../sql/queryable';
import { TASK_REF } from './rows';

/** At most so many subtasks and dependencies each. */
const LINKS_MAX = 50;

/**
 * The task itself, its parent, its newest subtasks and what it depends on, each once, of the same owner.
 * Nothing: no such task of this user. Reads tasks_parent_idx and primary keys.
 */
export async function readRelatedTasks(
  db: Queryable,
  { userId, taskId }: { userId: string; taskId: string },
): Promise<RelatedTask[]> {
  const rows = await allRows<RelatedTask>(db, {
    name: 'everbeat_read_related_tasks',
    text: `
      select ${TASK_REF.of('n')}, r.relation
      from everbeat.tasks t cross join lateral (
        select t.id, 'own' as relation, 0 as rank
        union all select t.parent_task_id, 'parent', 1
        union all (select s.id, 'subtask', 2 from everbeat.tasks s
          where s.parent_task_id = t.id and s.deleted_at is null order by s.number desc limit ${LINKS_MAX})
        union all (select d.depends_on_id, 'dependency', 3 from everbeat.task_dependencies d
          where d.task_id = t.id order by d.depends_on_id desc limit ${LINKS_MAX})
      ) r join everbeat.tasks n on n.id = r.id and n.user_id = t.user_id and n.deleted_at is null
      where t.id = $2::uuid and t.user_id = $1 and t.deleted_at is null
      order by r.rank, n.number`,
    values: [userId, taskId],
  });
  return [...new Map(rows.toReversed().map((row) => [row.id, row])).values()].toReversed();
}
