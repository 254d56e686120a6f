import type { Queryable } from '@everbeat/database';

export interface InsertedTasks {
  tasks: number;
  intervalSeconds: number;
  /** When the first task is due; the others follow evenly over one interval. */
  firstDueAt: Date;
  /** The prefix of message ids that the scheduler in use gives; null: not published yet. */
  messageIdPrefix: string | null;
  /** The stored configuration of the agent of all tasks. */
  agentConfig?: object;
}

/** Inserts heartbeat tasks as they are between two runs: armed, each with an open row of the ledger. */
export async function insertTasks(db: Queryable, options: InsertedTasks): Promise<void> {
  const { tasks, intervalSeconds, firstDueAt, messageIdPrefix, agentConfig = {} } = options;
  await db.query(
    `insert into everbeat.users (id, name, email, task_counter) values ('bench', 'Bench', 'bench', $1)`,
    [tasks],
  );
  await db.query(
    `insert into everbeat.agents (id, user_id, name, kind, config) values (uuidv7(), 'bench', 'Bench', 'http', $1)`,
    [JSON.stringify(agentConfig)],
  );
  await db.query(
    `with inserted as (
       select n, uuidv7() as id, gen_random_uuid()::text as token,
         $3::timestamptz + (n - 1) * make_interval(secs => $2::float8 / $1::float8) as due_at
       from generate_series(1, $1::int) n
     ), new_tasks as (
       insert into everbeat.tasks (id, user_id, number, identifier, name, instruction, agent_id, status, automation_mode,
         heartbeat_interval, heartbeat_timeout, context)
       select p.id, 'bench', p.n, 'T-' || p.n, 'Watch ' || p.n, 'Watch the harbour and say what came in', a.id,
         'scheduled', 'heartbeat', $2, 86400,
         jsonb_build_object('scheduler', jsonb_build_object(
           'tickToken', p.token, 'tickMessageId', $4::text || p.token || '-1',
           'scheduledAt', ${iso('$3::timestamptz')}, 'dueAt', ${iso('p.due_at')},
           'consecutiveFailures', 0, 'blockedBy', null, 'trigger', 'heartbeat'))
       from inserted p cross join everbeat.agents a where a.user_id = 'bench'
       returning id
     )
     insert into everbeat.task_ticks (token, task_id, user_id, trigger, due_at, armed_at, published_at, message_id)
     select token::uuid, id, 'bench', 'heartbeat', ${asInstant('due_at')}, $3, $3, $4::text || token || '-1' from inserted`,
    [tasks, intervalSeconds, firstDueAt, messageIdPrefix],
  );
  for (const table of ['users', 'agents', 'tasks', 'task_ticks'])
    await db.query(`vacuum analyze everbeat.${table}`);
  // After a checkpoint the first write to each page is logged in full; this way that is the same for all
  // contestants.
  await db.query('checkpoint');
}

const iso = (instant: string): string =>
  `to_char((${instant}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Truncated like the text above: `to_char` truncates to milliseconds where the column would round. */
const asInstant = (instant: string): string => `date_trunc('milliseconds', ${instant})`;
