import { database, type Mutant } from '../mutant';
import { first, LOOP, of, QUEUE } from './statementMutants';

const CLAIM = of(
  'claim/claim.ts',
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
    [
      'a tick starts nothing after the end date',
      "and coalesce(t.context -> 'scheduler' ->> 'endAt' >= $4, true)",
      'and $4::text is not null',
    ],
    ['an arm continues only a topic of its task', ' and p.task_id = t.id)\n      end as', ')\n      end as'],
    ['a tick starts nothing while an urgent brief is open', "and not exists (${blockingBrief('t.id')})", ''],
    [
      'no other operation is running',
      'and not exists (select 1 from everbeat.operations o where o.task_id = t.id and ${IS_OPEN})',
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
      'left join everbeat.agents a on a.user_id = t.user_id\n      and a.id',
      'left join everbeat.agents a on a.id',
    ],
    ['an operation is executed at most once', ' and o.executed_at is null and', ' and'],
    [
      'an operation that has ended is not executed',
      "o.status = 'running' and o.executed_at",
      'o.executed_at',
    ],
    [
      'the agent of a deferred run is the same user’s',
      'left join everbeat.agents a on a.user_id = t.user_id and a.id',
      'left join everbeat.agents a on a.id',
    ],
  ],
);

const TAKE_BACK = of(
  'claim/takeBack.ts',
  'take back',
  [first('claims'), database(QUEUE)],
  [
    ['an operation that was begun is not taken back', ' and o.executed_at is null and', ' and'],
    [
      'an operation that has ended is not taken back',
      "o.status = 'running' and o.executed_at",
      'o.executed_at',
    ],
  ],
);

const COMMIT_CHECKS = [first('commits', 'settlement', 'races'), database(LOOP), database(QUEUE)];

const COMMIT: Mutant[] = [
  ...of('commit/guard.ts', 'commit', COMMIT_CHECKS, [
    ['the revision is the one decided from', ' and t.revision = i.revision', ''],
    ['the status is the one decided from', ' and t.status = i.from_status', ''],
    ['the task is the deciding user’s', 't.user_id = i.user_id', 'true'],
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
  ]),
  ...of('commit/operation.ts', 'commit', COMMIT_CHECKS, [
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
  ]),
  ...of('commit/task.ts', 'commit', COMMIT_CHECKS, [
    ['every write makes a new revision', 'revision = t.revision + 1', 'revision = t.revision'],
    [
      'other keys of the context stay',
      "jsonb_set(${contextOf('t.context')}, '{scheduler}', w.scheduler)",
      "jsonb_build_object('scheduler', w.scheduler)",
    ],
  ]),
  ...of(
    'sql/statusColumns.ts',
    'commit',
    [database('tests/api/taskReads.db.test.ts')],
    [
      [
        'the reason of a pause ends with it',
        "case when ${to} = 'paused' then ${value('paused_reason')} end",
        "${value('paused_reason')}",
      ],
    ],
  ),
  ...of('commit/ledger.ts', 'commit', COMMIT_CHECKS, [
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
  ]),
  ...of('commit/briefs.ts', 'commit', COMMIT_CHECKS, [
    [
      'a brief is resolved once',
      'b.task_id is not distinct from w.task_id and b.resolved_at is null\n    returning b.id, b.task_id, b.user_id,\n',
      'b.task_id is not distinct from w.task_id\n    returning b.id, b.task_id, b.user_id,\n',
    ],
    [
      'the resolved brief is of the task',
      'where b.id = r.id and b.task_id is not distinct from w.task_id',
      'where b.id = r.id',
    ],
    ['a success resolves the failure’s brief alone', ' and f.purpose = any(w.recover)', ''],
    [
      'a success leaves what is resolved',
      ' and f.resolved_at is null\n        and not exists',
      '\n        and not exists',
    ],
  ]),
  ...of(
    'commit/briefs.ts',
    'commit',
    [database('tests/loop/briefKeys.db.test.ts')],
    [
      ['a repetition makes no brief less urgent', 'priority = ${PRIORITY}', 'priority = excluded.priority'],
      ['what a brief says again is unread again', 'read_at = excluded.read_at,', 'read_at = briefs.read_at,'],
    ],
  ),
  ...of('commit/report.ts', 'commit', COMMIT_CHECKS, [
    ['a message that is stored twice is stored once', 'on conflict (id) do nothing', ''],
  ]),
];

const LEDGER = of(
  'ledger/ledger.ts',
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

/** What takes a task from one state to the next, and its row of the ledger. */
export const COMMIT_GUARDS: Mutant[] = [...CLAIM, ...TAKE_BACK, ...COMMIT, ...LEDGER];
