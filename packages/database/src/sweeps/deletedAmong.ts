import { allRows, type Queryable } from '../sql/queryable';

/**
 * Those of these tasks that were deleted from this very database: the history tells of it for a year, also
 * when nothing else of the task is left. A task that the database never knew is not among them. Reads
 * tasks_pkey and task_activities_task_idx, the latter for no task that lives.
 */
export async function findDeletedAmong(db: Queryable, taskIds: readonly string[]): Promise<string[]> {
  const rows = await allRows<{ id: string }>(db, {
    name: 'everbeat_find_deleted_among',
    text: `
      select g.id from unnest($1::uuid[]) as g(id)
      where not exists (select 1 from everbeat.tasks t where t.id = g.id and t.deleted_at is null)
        and exists (select 1 from everbeat.task_activities a where a.task_id = g.id and a.kind = 'deleted')`,
    values: [taskIds],
  });
  return rows.map(({ id }) => id);
}
