import type { Pool } from 'pg';

/**
 * What models have noted with steps that are done must stand on their tasks, once, when their runs have ended
 * and are not tried again (invariant 7).
 */
export async function checkToldNotes(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ content: string; comments: number }>(`
    select n.content, (select count(*)::int from everbeat.task_comments c
        where c.task_id = n.task_id and c.content = n.content) as comments
    from (
      select distinct o.task_id, o.occurrence, s.input ->> 'content' as content
      from everbeat.operations o join everbeat.operation_steps s on s.operation_id = o.id
      where s.name = 'add_comment' and s.status = 'done') n
      join everbeat.tasks t on t.id = n.task_id and t.deleted_at is null
    where t.context -> 'scheduler' -> 'retry' ->> 'occurrence' is distinct from n.occurrence::text
      and not exists (select 1 from everbeat.operations o
        where o.task_id = n.task_id and o.occurrence = n.occurrence and o.finished_at is null)`);
  return rows
    .filter(({ comments }) => comments !== 1)
    .map(({ content, comments }) => `7: a note of a model stands ${comments} times: ${content}`);
}
