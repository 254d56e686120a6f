import { allRows, type Queryable } from '../sql/queryable';

/** A page of the tasks that run, or that will by themselves, in the order of their ids. */
export async function findWakingTasks(
  db: Queryable,
  page: { after: string | null; limit: number },
): Promise<string[]> {
  const rows = await allRows<{ id: string }>(db, {
    text: `
      select t.id from everbeat.tasks t
      where t.deleted_at is null and (t.status = 'running'
          or (t.status = 'scheduled' and (t.context -> 'scheduler' ->> 'tickToken') is not null))
        and ($1::uuid is null or t.id > $1::uuid)
      order by t.id limit $2`,
    values: [page.after, page.limit],
  });
  return rows.map(({ id }) => id);
}
