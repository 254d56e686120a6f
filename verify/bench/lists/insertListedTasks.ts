import type pg from 'pg';

const AGENTS = 20;

/** Of twenty tasks, fourteen are armed, and each of six others is in another status. */
const STATUS = `(array['backlog', 'paused', 'completed', 'canceled', 'failed', 'running'])[n % 20 + 1]`;

/**
 * Tasks as a person may have them: names in no order, one in five with a priority, of twenty agents; every
 * tenth has five parts, and the parts are due in no order.
 */
export async function insertListedTasks(client: pg.Client, tasks: number): Promise<void> {
  await client.query(
    `insert into everbeat.users (id, name, email, task_counter) values ('bench', 'Bench', 'bench', $1)`,
    [tasks],
  );
  await client.query(
    `insert into everbeat.agents (id, user_id, name, kind, config)
     select uuidv7(), 'bench', 'Agent ' || n, 'http', '{}' from generate_series(1, ${AGENTS}) n`,
  );
  await client.query(
    `with agents as (select id, row_number() over (order by id) as n from everbeat.agents),
     numbered as (
       select n, uuidv7() as id, coalesce(${STATUS}, 'scheduled') as status, hashint4(n) & 1048575 as some
       from generate_series(1, $1::int) n
     )
     insert into everbeat.tasks (id, user_id, number, identifier, name, instruction, agent_id, parent_task_id, status, priority,
       automation_mode, heartbeat_interval, context)
     select p.id, 'bench', p.n, 'T-' || p.n, 'Berth ' || p.some, repeat('Say which ships came in and which left. ', 12),
       case when p.n % 30 <> 0 then a.id end, case when p.n % 10 between 1 and 5 then parent.id end, p.status,
       case when p.n % 5 = 0 then 1 + p.some % 4 else 0 end, 'heartbeat', 7200,
       jsonb_build_object('scheduler', jsonb_build_object(
         'tickToken', case when p.status = 'scheduled' then p.id end,
         'tickMessageId', case when p.status = 'scheduled' then 'local-' || p.id || '-1' end,
         'scheduledAt', '2026-01-01T00:00:00.000Z',
         'dueAt', to_char((now() + p.some * interval '1 second') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
         'consecutiveFailures', 0, 'blockedBy', null, 'trigger', 'heartbeat'))
     from numbered p join agents a on a.n = 1 + p.n % ${AGENTS} left join numbered parent on parent.n = p.n - p.n % 10
     order by p.n`,
    [tasks],
  );
  await client.query('vacuum analyze');
}
