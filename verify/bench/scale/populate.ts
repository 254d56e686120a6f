import pg from 'pg';

export interface PopulatedDatabase {
  userId: string;
  agentId: string;
  /**
   * A task with many past runs: the ids of its latest run, and of the topic and tick of a run halfway back.
   */
  longRunning: {
    taskId: string;
    topicId: string;
    operationId: string;
    middle: { topicId: string; tickToken: string };
  };
  /** When the first armed task is due; the others follow evenly over five minutes. */
  firstDueAt: Date;
}

const TASK_COLUMNS = `id, user_id, number, identifier, name, instruction, agent_id, status, automation_mode,
  heartbeat_interval, context, total_topics, created_at, updated_at`;

const instantText = (instant: string): string =>
  `to_char((${instant}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Of twenty tasks, sixteen are scheduled, and each of four others is in another status. */
const STATUS = `case when n % 20 = 0 then 'backlog' when n % 20 = 1 then 'paused'
  when n % 20 = 2 then 'completed' when n % 20 = 3 then 'canceled' else 'scheduled' end`;

/**
 * Inserts `tasks` heartbeat tasks of one user with an interval of two hours and the rows of their last run;
 * one of them has `pastTopics` earlier runs. Vacuums and analyzes all tables, as autovacuum would.
 */
export async function populateDatabase(
  url: string,
  { tasks, pastTopics }: { tasks: number; pastTopics: number },
): Promise<PopulatedDatabase> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const firstDueAt = new Date(Date.now() + 3_600_000);
    await insertUser(client, tasks);
    await insertTasks(client, tasks, firstDueAt);
    await insertLastRuns(client);
    const longRunning = await insertPastRuns(client, pastTopics);
    await client.query('vacuum analyze');
    const { rows } = await client.query<{ id: string }>('select id from everbeat.agents');
    return { userId: 'bench', agentId: rows[0]?.id ?? '', longRunning, firstDueAt };
  } finally {
    await client.end();
  }
}

async function insertUser(client: pg.Client, tasks: number): Promise<void> {
  await client.query(
    `insert into everbeat.users (id, name, email, task_counter) values ('bench', 'Bench', 'bench', $1)`,
    [tasks],
  );
  await client.query(
    `insert into everbeat.agents (id, user_id, name, kind, config) values (uuidv7(), 'bench', 'Bench', 'http', '{}')`,
  );
}

async function insertTasks(client: pg.Client, tasks: number, firstDueAt: Date): Promise<void> {
  await client.query(
    `insert into everbeat.tasks (${TASK_COLUMNS})
     select uuidv7(), 'bench', n, 'T-' || n, 'Watch berth ' || n,
       'Watch berth ' || n || ' of the harbour and say which ships came in and which left', a.id, ${STATUS}, 'heartbeat', 7200,
       jsonb_build_object('scheduler', jsonb_build_object(
         'tickToken', case when ${STATUS} = 'scheduled' then token end,
         'tickMessageId', case when ${STATUS} = 'scheduled' then 'local-' || token || '-1' end,
         'scheduledAt', ${instantText('now()')}, 'dueAt', ${instantText('due_at')},
         'consecutiveFailures', 0, 'blockedBy', null, 'trigger', 'heartbeat')),
       1, now(), now()
     from (select n, uuidv7()::text as token, $2::timestamptz + (n * 300.0 / $1) * interval '1 second' as due_at
           from generate_series(1, $1::int) n) numbered cross join everbeat.agents a`,
    [tasks, firstDueAt],
  );
  await client.query(
    `insert into everbeat.task_ticks (token, task_id, user_id, trigger, due_at, armed_at, published_at, message_id)
     select (context -> 'scheduler' ->> 'tickToken')::uuid, id, user_id, 'heartbeat',
       (context -> 'scheduler' ->> 'dueAt')::timestamptz, now(), now(), context -> 'scheduler' ->> 'tickMessageId'
     from everbeat.tasks where status = 'scheduled'`,
  );
}

/**
 * The last run of every task: topic, operation, transcript, fired tick and history. One in a hundred has a
 * brief.
 */
async function insertLastRuns(client: pg.Client): Promise<void> {
  await client.query(
    `create temp table runs as
     select id as task_id, user_id, number, uuidv7() as topic_id, uuidv7() as operation_id,
       uuidv7(interval '-5 minutes') as token, now() - interval '5 minutes' as at
     from everbeat.tasks`,
  );
  await insertRuns(client);
  await client.query(
    `insert into everbeat.briefs (id, task_id, topic_id, user_id, type, priority, title, summary, actions, resolved_at, created_at, updated_at)
     select uuidv7(), task_id, topic_id, user_id, 'insight', case when number % 1000 = 0 then 'urgent' else 'normal' end,
       'A ship came in', 'The ship of berth ' || number || ' came in', '[]',
       case when number % 500 = 0 then null else at end, at, at
     from runs where number % 100 = 0`,
  );
  await client.query('drop table runs');
}

/** Inserts the rows of successful runs for every row of the temporary table `runs`. */
async function insertRuns(client: pg.Client): Promise<void> {
  await client.query(
    `insert into everbeat.topics (id, task_id, user_id, number, trigger, title, status, handoff, created_at, ended_at)
     select topic_id, task_id, user_id, number, 'heartbeat', 'Nothing new', 'done', 'Nothing new at the berth.', at, at from runs`,
  );
  await client.query(
    `insert into everbeat.operations (id, task_id, topic_id, user_id, trigger, status, tick_token, claimed_from, callback_hash,
       started_at, executed_at, heartbeat_at, lease_expires_at, finished_at)
     select operation_id, task_id, topic_id, user_id, 'heartbeat', 'done', token, 'scheduled', repeat('0', 64),
       at, at, at, at + interval '2 minutes', at from runs`,
  );
  await client.query(
    `insert into everbeat.messages (id, topic_id, user_id, operation_id, role, content, created_at)
     select uuidv7(), topic_id, user_id, operation_id, 'assistant', 'Nothing new at the berth.', at from runs`,
  );
  await client.query(
    `insert into everbeat.task_ticks (token, task_id, user_id, trigger, due_at, armed_at, published_at, message_id, outcome,
       operation_id, late_ms, ended_at)
     select token, task_id, user_id, 'heartbeat', at, at - interval '5 minutes', at - interval '5 minutes',
       'local-' || token || '-1', 'fired', operation_id, 3, at from runs`,
  );
  await client.query(
    `insert into everbeat.task_activities (task_id, user_id, kind, from_status, to_status, reason, ref_id, created_at)
     select task_id, user_id, 'status', f, t, r, operation_id, at
     from runs cross join (values ('scheduled', 'running', 'heartbeat'), ('running', 'scheduled', 'done')) as s(f, t, r)`,
  );
}

/** Gives one task `pastTopics` earlier runs. */
async function insertPastRuns(
  client: pg.Client,
  pastTopics: number,
): Promise<PopulatedDatabase['longRunning']> {
  await client.query(
    `create temp table runs as
     select t.id as task_id, t.user_id, n + 1 as number, uuidv7() as topic_id, uuidv7() as operation_id,
       uuidv7(n * interval '-5 minutes') as token, now() - n * interval '5 minutes' as at
     from (select * from everbeat.tasks where status = 'scheduled' order by id limit 1) t cross join generate_series(1, $1::int) n`,
    [pastTopics],
  );
  await insertRuns(client);
  await client.query(
    `insert into everbeat.briefs (id, task_id, topic_id, user_id, type, priority, title, summary, actions, resolved_at, created_at, updated_at)
     select uuidv7(), task_id, topic_id, user_id, 'insight', 'normal', 'A ship came in', 'It came in at dawn', '[]', at, at, at
     from runs where number % 10 = 0`,
  );
  await client.query(
    `insert into everbeat.task_comments (id, task_id, user_id, author, content, created_at)
     select uuidv7(), task_id, user_id, 'user', 'Look at the mast too', at from runs where number % 100 = 0`,
  );
  await client.query(
    `update everbeat.tasks set total_topics = $1 where id = (select task_id from runs limit 1)`,
    [pastTopics + 1],
  );
  const { rows } = await client.query<PopulatedDatabase['longRunning']>(
    `select task_id as "taskId", topic_id as "topicId", operation_id as "operationId",
       (select jsonb_build_object('topicId', topic_id, 'tickToken', token) from runs where number = $1) as middle
     from runs order by number desc limit 1`,
    [Math.ceil(pastTopics / 2)],
  );
  await client.query('drop table runs');
  const [longRunning] = rows;
  if (longRunning === undefined) throw new Error('No task was given past runs');
  return longRunning;
}

/**
 * Turns `count` scheduled tasks into ones that the watchdog has to repair, a quarter each: a run with an
 * expired lease, an arm that was never published, a tick that never arrived, a task with neither arm nor
 * blocker.
 */
export async function insertStuckTasks(url: string, count: number, graceSeconds: number): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const long = `make_interval(secs => ${graceSeconds * 4})`;
  const quarter = Math.floor(count / 4);
  try {
    await client.query(
      `create temp table stuck as
       select id, user_id, row_number() over () % 4 as kind, (context -> 'scheduler' ->> 'tickToken')::uuid as token,
         uuidv7() as topic_id, uuidv7() as operation_id
       from (select * from everbeat.tasks where status = 'scheduled' and number % 7 = 5 and (context -> 'scheduler' ->> 'dueAt') > $2
             order by (context -> 'scheduler' ->> 'dueAt') desc limit $1) t`,
      [quarter * 4, new Date().toISOString()],
    );
    await client.query(
      `update everbeat.tasks t set
         status = case when k.kind = 0 then 'running' else t.status end, revision = t.revision + 1,
         updated_at = now() - ${long},
         context = jsonb_set(t.context, '{scheduler}', (t.context -> 'scheduler') || case k.kind
           when 0 then '{"tickToken":null,"tickMessageId":null}'::jsonb
           when 1 then jsonb_build_object('tickMessageId', null, 'scheduledAt', ${instantText(`now() - ${long}`)})
           when 2 then jsonb_build_object('dueAt', ${instantText(`now() - ${long}`)})
           else '{"tickToken":null,"tickMessageId":null,"dueAt":null}'::jsonb end)
       from stuck k where t.id = k.id`,
    );
    await client.query(
      `update everbeat.task_ticks l set
         outcome = case k.kind when 0 then 'fired' when 3 then 'superseded' end,
         operation_id = case k.kind when 0 then k.operation_id end,
         ended_at = case when k.kind in (0, 3) then now() end,
         due_at = case k.kind when 2 then date_trunc('milliseconds', now() - ${long}) else l.due_at end,
         armed_at = now() - ${long}, published_at = now() - ${long}, publications = 1
       from stuck k where l.token = k.token`,
    );
    await client.query(
      `insert into everbeat.topics (id, task_id, user_id, number, trigger, status, created_at)
       select topic_id, id, user_id, 2, 'heartbeat', 'running', now() - ${long} from stuck where kind = 0`,
    );
    await client.query(
      `insert into everbeat.operations (id, task_id, topic_id, user_id, trigger, status, tick_token, claimed_from, callback_hash,
         started_at, executed_at, heartbeat_at, lease_expires_at)
       select operation_id, id, topic_id, user_id, 'heartbeat', 'running', token, 'scheduled', repeat('0', 64),
         now() - ${long}, now() - ${long}, now() - ${long}, now() - interval '1 minute' from stuck where kind = 0`,
    );
  } finally {
    await client.end();
  }
}
