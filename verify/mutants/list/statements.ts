import { database, type Mutant, unit } from '../mutant';
import { first, LOOP, of, QUEUE } from './statementMutants';

const SWEEPS = of(
  'sweeps/watchdogSweeps.ts',
  'watchdog',
  [first('sweeps', 'watchdog', 'handEdits', 'clockAhead'), database(QUEUE)],
  [
    ['an ended arm is not taken', 'k.outcome is null and k.published_at <>', 'k.published_at <>'],
    ['what was published in this pass is not taken again', 'and k.published_at <> $1::timestamptz\n', '\n'],
    [
      'a publication in the future is not waited for',
      '            or k.published_at > $1::timestamptz + make_interval(secs => $4))',
      ')',
    ],
    ['a page of far arms starts where the last one ended', '< ($2, $3)', '< ($2 || $3, $3)'],
    [
      'far arms are read from the end',
      "(${ARM} ->> 'dueAt') desc, (${ARM} ->> 'tickToken') desc",
      "(${ARM} ->> 'dueAt')",
    ],
    ['an arm that another takes is passed over', 'for update of k skip locked', ''],
    [
      'only what rests is taken',
      "where t.status = 'scheduled' and (${ARM} ->> 'tickToken') is not null\n          and k",
      "where (${ARM} ->> 'tickToken') is not null\n          and k",
    ],
    ['an arm that was published is not taken as unpublished', "(${ARM} ->> 'tickMessageId') is null and", ''],
    ['a new arm has its grace', "(${ARM} ->> 'scheduledAt') <= $2`", '$2::text is not null`'],
    [
      'a new publication has its grace',
      "    'make_interval(secs => $4)',",
      "    'make_interval(secs => 0 * $4)',",
    ],
    ['a tick is lost only after its time', "`(${ARM} ->> 'dueAt') <= $2`", '`$2::text is not null`'],
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
  'leases/leases.ts',
  'lease',
  [first('sweeps', 'watchdog', 'races'), database(QUEUE)],
  [
    [
      'only a lease that is over ends a run',
      'and o.lease_expires_at < $1::timestamptz',
      'and $1::timestamptz is not null',
    ],
    [
      'a run that has ended has no lease to lose',
      "where o.finished_at is null and o.status = 'running' and o.lease_expires_at <",
      'where o.lease_expires_at <',
    ],
    [
      'a lease that was given while a clock was ahead is over',
      'o.lease_expires_at > $1::timestamptz + make_interval(secs => $3 +',
      '$1::timestamptz is null and 0 > ($3 +',
    ],
    [
      'a renewal ends a lease that was given while a clock was ahead',
      '$2::timestamptz + make_interval(secs => ${LEASE_SECONDS_MAX}))',
      "'infinity')",
    ],
    ['a beat keeps no run that has ended', "held.lease_epoch and o.status = 'running'", 'held.lease_epoch'],
    [
      'a beat shortens no longer lease',
      'greatest(o.lease_expires_at, $2::timestamptz + make_interval(secs => t.heartbeat_timeout))',
      '$2::timestamptz + make_interval(secs => t.heartbeat_timeout)',
    ],
    [
      'an ended run is granted no lease',
      "where o.id = $1::uuid and o.status = 'running'",
      'where o.id = $1::uuid',
    ],
    ['a grant shortens no longer lease', 'greatest(o.lease_expires_at, $2::timestamptz)', '$2::timestamptz'],
  ],
);

const CALLBACK = of(
  'reads/operationRefs.ts',
  'callback',
  [first('claims')],
  [
    [
      'the agent is the same user’s',
      'join everbeat.agents a on a.user_id = t.user_id and a.id',
      'join everbeat.agents a on a.id',
    ],
  ],
);

const TRANSCRIPT = of(
  'writes/transcript.ts',
  'transcript',
  [first('sweeps', 'settlement'), database(QUEUE)],
  [
    ['nothing is added to a run that has ended', ` and o.status = 'running'`, ''],
    ['a message goes to its own run’s topic', 'and o.topic_id = i."topicId"', ''],
    ['a message shown twice is kept once', 'on conflict (id) do nothing', ''],
  ],
);

const STATE = of(
  'state/taskState.ts',
  'state',
  [first('claims', 'humanWaiting', 'settlement')],
  [
    ['an error brief never blocks', "${blocks('b')}", "b.priority = 'urgent'"],
    ['only urgent briefs block', "${blocks('b')}", "b.type <> 'error'"],
    ['a resolved brief blocks no more', "${isOpen('b')} and ", ''],
    [
      'the brief that is being resolved blocks no more',
      ' and b.id is distinct from $2::uuid',
      ' and $2::uuid is distinct from t.id',
    ],
    ['only completed tasks are waited for no more', " and p.status <> 'completed')", ')'],
    [
      'the operation of a task is the running one',
      'on o.task_id = t.id and ${IS_OPEN}',
      'on o.task_id = t.id',
    ],
  ],
);

const PAGES = of(
  'reads/ledger.ts',
  'page',
  [database('tests/api/taskReads.db.test.ts')],
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
  [database('tests/guards/feed.db.test.ts', 'tests/guards/owners.db.test.ts'), database('tests/feed')],
  [
    ['what commits late is found', 'where a.tx = any($3::xid8[])', 'where false and a.tx = any($3::xid8[])'],
    ['a replay has what commits late', 'and a.tx = any($5::xid8[])', 'and a.tx = any($5::xid8[]) and false'],
    [
      'a read in batches stays at its snapshot',
      'rest?.snapshot ?? parseSnapshot(answer.snapshot)',
      'parseSnapshot(answer.snapshot)',
    ],
    ['a batch that is full does not end a read', 'events.length < limit', 'events.length <= limit'],
    ['a replay is one user’s', 'a.user_id = $1 and (', '$1::text is not null and ('],
    ['a replay is one task’s', '($2::uuid is null or a.task_id = $2::uuid)', '($2::uuid is null or true)'],
  ],
).concat(
  of(
    'reads/feedPosition.ts',
    'feed position',
    [
      unit('packages/database/src/reads/feedPosition.test.ts'),
      database('tests/guards/feed.db.test.ts', 'tests/feed'),
    ],
    [
      [
        'a late row leaves its transaction open',
        'tx >= row.tx || snapshot.open.includes(tx)',
        'tx > row.tx || snapshot.open.includes(tx)',
      ],
      [
        'a row leaves older transactions open',
        'snapshot.open.filter((tx) => tx < row.tx)',
        'snapshot.open.filter(() => false)',
      ],
      [
        'an id goes back to the transaction it does not name',
        '{ tx: first, id: 0n, open',
        '{ tx: position.tx, id: position.id, open',
      ],
    ],
  ),
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
      `CHECK (("everbeat"."operations"."status" = 'running') = ("everbeat"."operations"."finished_at" is null))`,
      'CHECK (true)',
    ],
    [
      'a row of the ledger has ended if and only if it has an outcome',
      'CHECK (("everbeat"."task_ticks"."outcome" is null) = ("everbeat"."task_ticks"."ended_at" is null))',
      'CHECK (true)',
    ],
    [
      'a user has each number once',
      'CONSTRAINT "tasks_user_number_unique" UNIQUE("user_id","number")',
      'CONSTRAINT "tasks_user_number_unique" CHECK (true)',
    ],
    [
      'a task does not wait for itself',
      'CHECK ("everbeat"."task_dependencies"."task_id" <> "everbeat"."task_dependencies"."depends_on_id")',
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
  ...SWEEPS,
  ...LEASES,
  ...CALLBACK,
  ...TRANSCRIPT,
  ...STATE,
  ...PAGES,
  ...FEED,
  ...SCHEMA,
];
