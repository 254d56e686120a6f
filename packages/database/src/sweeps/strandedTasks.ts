import { firstRow, type Queryable } from '../sql/queryable';

/** Where a dependency stands in the primary key of `task_dependencies`. */
export interface DependencyPosition {
  taskId: string;
  dependsOnId: string;
}

export interface StrandedTasks {
  tasks: { taskId: string; userId: string }[];
  /** Where the page ends; null when it is the last one. */
  end: DependencyPosition | null;
}

const NIL = '00000000-0000-0000-0000-000000000000';

/**
 * Looks at a page of all dependencies, from `after` on, for tasks in the backlog that wait for what has ended
 * without completing, while nobody was asked what to do. Every end asks in its own commit (PROTOCOL §4), so
 * only an older version or a hand edit leaves such tasks. No index of one table can find them; so the page is
 * what bounds the cost. Both tasks of a dependency are met by their primary key, however many have ended.
 */
export async function findStrandedTasks(
  db: Queryable,
  { limit, after }: { limit: number; after: DependencyPosition | null },
): Promise<StrandedTasks> {
  const row = await firstRow<StrandedTasks & { looked: number }>(db, {
    name: 'everbeat_find_stranded',
    text: `
      with page as (
        select d.task_id, d.depends_on_id from everbeat.task_dependencies d
        where (d.task_id, d.depends_on_id) > ($1::uuid, $2::uuid)
        order by d.task_id, d.depends_on_id limit $3
      ), stranded as (
        select distinct t.id as "taskId", t.user_id as "userId" from page d
        cross join lateral (
          select n.id, n.user_id, n.status, n.deleted_at, n.context -> 'scheduler' as scheduler
          from everbeat.tasks n where n.id = d.task_id offset 0) t
        cross join lateral (
          select n.id, n.status, n.deleted_at from everbeat.tasks n where n.id = d.depends_on_id offset 0) p
        where t.status = 'backlog' and t.deleted_at is null
          and (p.status in ('canceled', 'failed') or (p.deleted_at is not null and p.status <> 'completed'))
          and not coalesce(t.scheduler -> 'ignoredDependencies' ? p.id::text, false)
          and not coalesce(
            t.scheduler -> 'endedDependencies' @> jsonb_build_array(jsonb_build_object('id', p.id)), false)
      )
      select (select coalesce(json_agg(s), '[]') from stranded s) as tasks,
        (select count(*)::int from page) as looked,
        (select json_build_object('taskId', l.task_id, 'dependsOnId', l.depends_on_id)
          from page l order by l.task_id desc, l.depends_on_id desc limit 1) as end`,
    values: [after?.taskId ?? NIL, after?.dependsOnId ?? NIL, limit],
  });
  if (row === null) return { tasks: [], end: null };
  return { tasks: row.tasks, end: row.looked < limit ? null : row.end };
}
