import { database, type Mutant } from '../mutant';

const LOOP = 'src/tests/loop';
const QUEUE = 'src/tests/queue';
const QUERIES = 'packages/database/src/queries';

/** Mutants of one file of statements: name, what is found, what replaces it. */
const of = (
  file: string,
  what: string,
  checks: Mutant['checks'],
  guards: [string, string, string][],
): Mutant[] =>
  guards.map(([name, find, replace]) => ({
    name: `${what}: ${name}`,
    file: `${QUERIES}/${file}`,
    find,
    replace,
    checks,
  }));

/** Where a guard is most likely held, so that the rest need not be asked. */
const first = (guarded: string, ...loops: string[]) =>
  database(`src/tests/guards/${guarded}.db.test.ts`, ...loops.map((name) => `${LOOP}/${name}.db.test.ts`));

const CLAIM = of(
  'claim.ts',
  'claim',
  [first('claims', 'skips', 'races'), database(LOOP), database(QUEUE)],
  [
    ['the token is the current one', "and t.context -> 'scheduler' ->> 'tickToken' = i.tick_token", ''],
    ['a tick starts only what is scheduled', "t.status = 'scheduled'", 'true'],
    [
      'a tick does not start before its time',
      "and t.context -> 'scheduler' ->> 'dueAt' <= $3",
      'and $3::text is not null',
    ],
    ['a tick starts nothing that is blocked', "and t.context -> 'scheduler' ->> 'blockedBy' is null", ''],
    ['a tick starts nothing while an urgent brief is open', "and not exists (${blockingBrief('t.id')})", ''],
    [
      'no other operation is running',
      "and not exists (select 1 from operations o where o.task_id = t.id and o.status = 'running')",
      '',
    ],
    ['the task is the claiming user’s', 't.user_id = i.user_id', 'true'],
    ['a person’s claim starts nothing that runs', "t.status <> 'running' and t.revision", 't.revision'],
    ['a person’s claim names the revision', ' and t.revision = i.revision', ''],
    [
      'a topic to continue is of the same task',
      'p.id = i.continue_topic_id and p.task_id = t.id',
      'p.id = i.continue_topic_id',
    ],
    [
      'the arm is of the mode the task is in',
      "or t.context -> 'scheduler' ->> 'trigger' = t.automation_mode)",
      'or true)',
    ],
    [
      'a heartbeat has an interval',
      "and (t.automation_mode is distinct from 'heartbeat' or t.heartbeat_interval > 0)",
      '',
    ],
    ['a row of the ledger ends once', 'k.outcome is null\n  ), history', 'true\n  ), history'],
    ['the token is used up', `'{"tickToken":null,"tickMessageId":null}'`, `'{}'`],
    [
      'other keys of the context stay',
      "jsonb_set(${contextOf('t.context')}, '{scheduler}',",
      "jsonb_set('{}', '{scheduler}',",
    ],
    [
      'the agent is the same user’s',
      'on a.id = c.agent_id and a.user_id = c.user_id',
      'on a.id = c.agent_id',
    ],
    ['an operation is executed at most once', ' and o.executed_at is null and', ' and'],
    [
      'an operation that has ended is not executed',
      "o.status = 'running' and o.executed_at",
      'o.executed_at',
    ],
    [
      'the agent of a deferred run is the same user’s',
      'on a.id = t.agent_id and a.user_id = t.user_id',
      'on a.id = t.agent_id',
    ],
  ],
);

const COMMIT = of(
  'commitPlans.ts',
  'commit',
  [first('commits', 'settlement', 'races'), database(LOOP), database(QUEUE)],
  [
    ['the revision is the one decided from', ' and t.revision = i.revision', ''],
    ['the status is the one decided from', ' and t.status = i.from_status', ''],
    ['the task is the deciding user’s', 't.user_id = i.user_id', 'true'],
    [
      'an operation is settled once',
      'o.task_id is not distinct from w.task_id and ${IS_RUNNING}',
      'o.task_id is not distinct from w.task_id',
    ],
    [
      'the operation is of the task',
      'and o.task_id is not distinct from w.task_id and ${IS_RUNNING}',
      'and ${IS_RUNNING}',
    ],
    [
      'an operation that has ended breaks its group',
      'o.task_id is not distinct from l.task_id and ${IS_RUNNING}',
      'o.task_id is not distinct from l.task_id',
    ],
    [
      'the operation of another task breaks its group',
      'and o.task_id is not distinct from l.task_id and ${IS_RUNNING}',
      'and ${IS_RUNNING}',
    ],
    ['an operation does not end while its group is judged', '    for update of o\n', ''],
    ['a write whose operation has ended is left out', 'group_size and operation is null', 'group_size'],
    [
      'a group is written whole or not at all',
      '    ) over (partition by "group") as group_found',
      '    ) over () * 0 + group_size as group_found',
    ],
    [
      'a row of the ledger ends once',
      'and k.task_id is not distinct from w.task_id and k.outcome is null',
      'and k.task_id is not distinct from w.task_id',
    ],
    [
      'the row of the ledger is of the task',
      'and k.task_id is not distinct from w.task_id and k.outcome',
      'and k.outcome',
    ],
    [
      'a brief is resolved once',
      "b.task_id is not distinct from w.task_id and b.resolved_at is null\n    returning b.id, b.task_id, b.user_id, 'resolved'",
      "b.task_id is not distinct from w.task_id\n    returning b.id, b.task_id, b.user_id, 'resolved'",
    ],
    [
      'the resolved brief is of the task',
      'where b.id = r.id and b.task_id is not distinct from w.task_id',
      'where b.id = r.id',
    ],
    ['a success resolves the failure’s brief alone', " and f.purpose = 'failure'", ''],
    [
      'a success leaves what is resolved',
      ' and f.resolved_at is null offset 0) f\n    where w.recover and b.id = f.id and b.resolved_at is null',
      ' offset 0) f\n    where w.recover and b.id = f.id',
    ],
    ['a message told twice is kept once', 'on conflict (id) do nothing', ''],
    ['every write makes a new revision', 'revision = t.revision + 1', 'revision = t.revision'],
    [
      'other keys of the context stay',
      "jsonb_set(${contextOf('t.context')}, '{scheduler}', w.scheduler)",
      "jsonb_build_object('scheduler', w.scheduler)",
    ],
  ],
);

const LEDGER = of(
  'ledger.ts',
  'publication',
  [first('sweeps', 'watchdog', 'handEdits', 'skips'), database(QUEUE)],
  [
    [
      'a message id is noted only under the current token',
      "where ${ARM} ->> 'tickToken' = i.tick_token",
      'where true',
    ],
    ['an ended arm is not published again', 'and k.outcome is null\n', '\n'],
    [
      'only what is scheduled is published again',
      "t.status = 'scheduled' and ${ARM} ->> 'tickToken' = $2::text",
      "${ARM} ->> 'tickToken' = $2::text",
    ],
    ['only the current arm is published again', "and ${ARM} ->> 'tickToken' = $2::text", ''],
    [
      'an arm without a readable time is not sent round',
      '        and ${IS_DUE_READABLE}\n      returning',
      '      returning',
    ],
    [
      'each publication has its number',
      'set publications = k.publications + 1',
      'set publications = k.publications',
    ],
    [
      'a local scheduler holds only what rests',
      "where t.status = 'scheduled' and (${ARM} ->> 'tickToken') is not null\n        and",
      "where (${ARM} ->> 'tickToken') is not null\n        and",
    ],
    [
      'a local scheduler holds no unreadable time',
      ' and ${IS_DUE_READABLE}\n        and ((',
      '\n        and ((',
    ],
  ],
);

const SWEEPS = of(
  'watchdogSweeps.ts',
  'watchdog',
  [first('sweeps', 'watchdog', 'handEdits'), database(QUEUE)],
  [
    ['an ended arm is not taken', 'k.outcome is null and k.published_at', 'k.published_at'],
    ['what was published in this pass is not taken again', 'and k.published_at < $1::timestamptz\n', '\n'],
    ['an arm that another takes is passed over', 'for update of k skip locked', ''],
    [
      'only what rests is taken',
      "where t.status = 'scheduled' and (${ARM} ->> 'tickToken') is not null\n          and k",
      "where (${ARM} ->> 'tickToken') is not null\n          and k",
    ],
    ['an arm that was published is not taken as unpublished', "(${ARM} ->> 'tickMessageId') is null and", ''],
    ['a new arm has its grace', "(${ARM} ->> 'scheduledAt') <= $2\n", '$2::text is not null\n'],
    [
      'a new publication has its grace',
      'k.published_at <= $1::timestamptz - make_interval(secs => $4)`',
      '$4::int is not null`',
    ],
    ['a tick is lost only after its time', "`(${ARM} ->> 'dueAt') <= $2\n", '`$2::text is not null\n'],
    ['a lost tick is published ever more rarely', 'power(2, least(k.publications - 1, 6))', '1'],
    [
      'each publication has its number',
      'set publications = k.publications + 1',
      'set publications = k.publications',
    ],
    [
      'a blocker with its open brief is no orphan',
      "is distinct from 'urgent-brief' or not exists",
      'is not null or not exists',
    ],
    [
      'an arm that the ledger knows is no orphan',
      'and k.outcome is null and k.task_id = t.id)',
      'and false)',
    ],
    [
      'an arm that has ended in the ledger is an orphan',
      'and k.outcome is null and k.task_id',
      'and k.task_id',
    ],
    [
      'a new arm may be ahead of the ledger',
      "where ${armed} and (${ARM} ->> 'dueAt') <= $1",
      'where ${armed} and $1::text is not null',
    ],
  ],
);

const LEASES = of(
  'leases.ts',
  'lease',
  [first('sweeps', 'watchdog', 'races'), database(QUEUE)],
  [
    [
      'only a lease that is over ends a run',
      'and lease_expires_at < $1::timestamptz',
      'and $1::timestamptz is not null',
    ],
    [
      'a run that has ended has no lease to lose',
      'where finished_at is null and lease_expires_at',
      'where lease_expires_at',
    ],
    ['a beat keeps no run that has ended', "any($1::uuid[]) and o.status = 'running'", 'any($1::uuid[])'],
    [
      'a beat shortens no longer lease',
      'greatest(o.lease_expires_at, $2::timestamptz + make_interval(secs => t.heartbeat_timeout))',
      '$2::timestamptz + make_interval(secs => t.heartbeat_timeout)',
    ],
    ['an ended run is granted no lease', "where id = $1::uuid and status = 'running'", 'where id = $1::uuid'],
    ['a grant shortens no longer lease', 'greatest(lease_expires_at, $2::timestamptz)', '$2::timestamptz'],
  ],
);

const CALLBACK = of(
  'operations.ts',
  'callback',
  [first('claims')],
  [
    [
      'the agent is the same user’s',
      'on a.id = t.agent_id and a.user_id = t.user_id',
      'on a.id = t.agent_id',
    ],
  ],
);

const TRANSCRIPT = of(
  'transcript.ts',
  'transcript',
  [first('sweeps', 'settlement'), database(QUEUE)],
  [
    ['nothing is added to a run that has ended', ` and o.status = 'running'`, ''],
    ['a message goes to its own run’s topic', 'and o.topic_id = i."topicId"', ''],
    ['a message shown twice is kept once', 'on conflict (id) do nothing', ''],
  ],
);

const STATE = of(
  'taskState.ts',
  'state',
  [first('claims', 'humanWaiting', 'settlement')],
  [
    ['an error brief never blocks', " and b.type <> 'error'", ''],
    ['only urgent briefs block', " and b.priority = 'urgent'", ''],
    ['a resolved brief blocks no more', 'and b.resolved_at is null and b.priority', 'and b.priority'],
    [
      'the brief that is being resolved blocks no more',
      ' and b.id is distinct from $2::uuid',
      ' and $2::uuid is distinct from t.id',
    ],
    ['only completed tasks are waited for no more', "p.status <> 'completed' and", ''],
    [
      'the operation of a task is the running one',
      "on o.task_id = t.id and o.status = 'running'",
      'on o.task_id = t.id',
    ],
  ],
);

const PAGES = of(
  'reads/ledger.ts',
  'page',
  [database('src/server/routers/taskReads.db.test.ts')],
  [
    [
      'the ledger goes on after a row of its own task',
      'where c.token = $4::uuid and c.task_id = $2::uuid and c.user_id = $1)',
      'where c.token = $4::uuid)',
    ],
    [
      'arms of one moment have an order',
      "'k.armed_at desc, k.due_at desc, k.token desc'",
      "'k.armed_at desc, k.due_at desc'",
    ],
  ],
);

const FEED = of(
  'reads/activityFeed.ts',
  'feed',
  [
    database('src/tests/guards/feed.db.test.ts', 'src/tests/guards/owners.db.test.ts'),
    database('src/server/services/feed'),
  ],
  [
    [
      'nothing is passed over that commits late',
      'and a.tx < ${HORIZON}\n      order by a.tx, a.id',
      'order by a.tx, a.id',
    ],
    [
      'a replay leaves what may still commit',
      'and (a.tx, a.id) > ($3::xid8, $4::bigint) and a.tx < ${HORIZON}',
      'and (a.tx, a.id) > ($3::xid8, $4::bigint)',
    ],
    ['it is in the order of commits', 'order by a.tx, a.id\n', 'order by a.id\n'],
    ['a replay is one user’s', 'where a.user_id = $1 and (', 'where $1::text is not null and ('],
    ['a replay is one task’s', '($2::uuid is null or a.task_id = $2::uuid)', '($2::uuid is null or true)'],
  ],
);

const SCHEMA: Mutant[] = (
  [
    [
      'one running operation per task',
      'CREATE UNIQUE INDEX "operations_one_running_per_task"',
      'CREATE INDEX "operations_one_running_per_task"',
    ],
    [
      'one operation per tick token',
      'CREATE UNIQUE INDEX "operations_tick_token_unique"',
      'CREATE INDEX "operations_tick_token_unique"',
    ],
    [
      'an operation has ended if and only if it is not running',
      `CHECK (("operations"."status" = 'running') = ("operations"."finished_at" is null))`,
      'CHECK (true)',
    ],
    [
      'a row of the ledger has ended if and only if it has an outcome',
      'CHECK (("task_ticks"."outcome" is null) = ("task_ticks"."ended_at" is null))',
      'CHECK (true)',
    ],
    [
      'a user has each number once',
      'CONSTRAINT "tasks_user_number_unique" UNIQUE("user_id","number")',
      'CONSTRAINT "tasks_user_number_unique" CHECK (true)',
    ],
    [
      'a task does not wait for itself',
      'CHECK ("task_dependencies"."task_id" <> "task_dependencies"."depends_on_id")',
      'CHECK (true)',
    ],
  ] as const
).map(([name, find, replace]) => ({
  name: `schema: ${name}`,
  file: 'drizzle/0000_init.sql',
  find,
  replace,
  checks: [first('schema', 'races'), database(LOOP)],
}));

export const STATEMENT_GUARDS: Mutant[] = [
  ...CLAIM,
  ...COMMIT,
  ...LEDGER,
  ...SWEEPS,
  ...LEASES,
  ...CALLBACK,
  ...TRANSCRIPT,
  ...STATE,
  ...PAGES,
  ...FEED,
  ...SCHEMA,
];
