import { database, type Mutant, unit } from '../mutant';

const DELETION = database('tests/loop/deletion.db.test.ts');
const HIDDEN = database('tests/api/deletedTask.db.test.ts');
const FOLDERS = database('tests/loop/taskFolders.db.test.ts');
const RETENTION = database('tests/loop/retention.db.test.ts');
const RETRY = database('tests/steps/thinnedRetry.db.test.ts');
const PROMPTS = database('tests/steps/prompts.db.test.ts');
const FAULTS = database('tests/loop/leftoverFaults.db.test.ts');
const RULE = unit('packages/domain/src/retention.test.ts');
const SQL = 'packages/database/src';

/**
 * A deleted task is hidden at once; leftovers are removed in small steps, and nothing else is (PROTOCOL §5).
 */
const GUARDS: [file: string, name: string, find: string, replace: string, check: Mutant['checks'][number]][] =
  [
    [
      `${SQL}/state/taskState.ts`,
      'no decision is made for a deleted task',
      'any($1::uuid[]) and t.deleted_at is null',
      'any($1::uuid[])',
      DELETION,
    ],
    [`${SQL}/reads/tasks.ts`, 'a deleted task is in no list', '    isNull(tasks.deletedAt),\n', '', HIDDEN],
    [
      `${SQL}/reads/tasks.ts`,
      'a deleted task is not read',
      't.user_id = $1 and t.deleted_at is null`',
      't.user_id = $1`',
      DELETION,
    ],
    [
      `${SQL}/reads/taskDetail.ts`,
      'a deleted parent is not shown',
      'n.id = t.parent_task_id and n.deleted_at is null',
      'n.id = t.parent_task_id',
      HIDDEN,
    ],
    [`${SQL}/reads/briefs.ts`, 'its briefs are in no list', '    isNull(tasks.deletedAt),\n', '', HIDDEN],
    [
      `${SQL}/reads/runs.ts`,
      'its transcript is not read',
      "t.id = p.task_id where t.deleted_at is null'",
      "t.id = p.task_id where true'",
      HIDDEN,
    ],
    [
      `${SQL}/writes/tasks.ts`,
      'it gets no comment',
      't.id = $3::uuid and t.user_id = $1 and t.deleted_at is null',
      't.id = $3::uuid and t.user_id = $1',
      DELETION,
    ],
    [
      `${SQL}/sweeps/deletedTasks.ts`,
      'only deleted tasks are removed',
      'where deleted_at is not null order by deleted_at',
      'where true order by deleted_at',
      DELETION,
    ],
    [
      `${SQL}/sweeps/deletedTasks.ts`,
      'the row that tells of the deletion stays',
      " and r.kind <> 'deleted'",
      '',
      DELETION,
    ],
    [
      `${SQL}/sweeps/deletedAmong.ts`,
      'the folder of a task that is not known stays',
      "a.task_id = g.id and a.kind = 'deleted')",
      "a.task_id = g.id and a.kind = 'deleted') or true",
      FOLDERS,
    ],
    ['packages/domain/src/retention.ts', 'the newest runs stay whole', 'run.isOld && ', '', RULE],
    ['packages/domain/src/retention.ts', 'a run under way stays', 'isOpen(run.status) || ', '', RULE],
    ['packages/domain/src/retention.ts', 'a run that may go on stays', 'run.mayGoOn || ', '', RULE],
    [
      `${SQL}/sql/mayGoOn.ts`,
      'what a further attempt goes on from stays',
      "where g.id = ${taskId} and g.context -> 'scheduler' -> 'retry'",
      "where false and g.context -> 'scheduler' -> 'retry'",
      RETRY,
    ],
    [
      `${SQL}/sql/mayGoOn.ts`,
      'what the undo of an answer brings back stays',
      'where g.expires_at > ${now} and',
      'where g.expires_at > ${now} and false and',
      RETRY,
    ],
    ['packages/domain/src/retention.ts', 'a run that is waited for stays', ' || run.isWaitedFor', '', RULE],
    [
      'packages/domain/src/retention.ts',
      'a run that stayed for a while is looked at again',
      'firstNeeded === undefined ? old : old.slice(0, old.indexOf(firstNeeded))',
      'old',
      RULE,
    ],
    [
      'src/server/services/taskWatchdog/Leftovers.ts',
      'what stayed on an earlier page is looked at again',
      'if (!hasNeeded) ',
      '',
      RETENTION,
    ],
    [
      `${SQL}/sweeps/retention.ts`,
      'a run whose question is open stays',
      "${isOpen('b')} and ${waits('b')}",
      "${isOpen('b')} and false",
      RETENTION,
    ],
    ['packages/domain/src/retention.ts', 'the last run of a day stays', ' && !isLastOfDay', '', RULE],
    [
      'packages/domain/src/retention.ts',
      'a topic stays with the last of its runs',
      'topicEndedAt <= finishedAt',
      'topicEndedAt >= new Date(0)',
      RULE,
    ],
    [
      `${SQL}/sweeps/retention.ts`,
      'runs of the future do not count among the newest',
      "value: '$1::uuid',\n    before: future,",
      "value: '$1::uuid',",
      RETENTION,
    ],
    [
      `${SQL}/sweeps/retention.ts`,
      'a history that is thinned up to the future is looked at from its beginning',
      'case when $2::uuid < ${future} then',
      'case when true then',
      RETENTION,
    ],
    [
      `${SQL}/sweeps/retention.ts`,
      'changes of the future keep no others from being removed',
      " or p.created_at > ${latest('$1::timestamptz')}",
      '',
      RETENTION,
    ],
    [
      `${SQL}/sweeps/retention.ts`,
      'the steps of a run that may go on stay',
      "and not ${mayGoOn(occurrenceAt('$3::timestamptz'))}",
      'and $3::timestamptz is not null',
      RETRY,
    ],
    [
      `${SQL}/sweeps/retention.ts`,
      'a run that may go on since it was looked at stays',
      "and not ${mayGoOn(occurrenceAt('$6::timestamptz'))}",
      'and $6::timestamptz is not null',
      RETRY,
    ],
    [
      'src/server/services/taskWatchdog/Leftovers.ts',
      'the steps of a run are removed before it',
      'isNeeded: operationIds.length > 0',
      'isNeeded: false',
      FAULTS,
    ],
    [
      'src/server/services/taskWatchdog/Leftovers.ts',
      'a task whose removal fails holds up no other',
      'this.failures.failed(taskId);',
      ';',
      FAULTS,
    ],
    [
      'src/server/services/taskWatchdog/Leftovers.ts',
      'a removal that takes too long is told of',
      ' && !isCutOff(error)',
      '',
      FAULTS,
    ],
    [
      `${SQL}/sweeps/prompts.ts`,
      'the prompt of a run that may go on stays',
      "not ${mayGoOn({ taskId: 'o.task_id', occurrence: OCCURRENCE, now: '$3::timestamptz' })}",
      '$3::timestamptz is not null',
      PROMPTS,
    ],
    [
      `${SQL}/sweeps/prompts.ts`,
      'a prompt is cleared only once a later attempt has stored it',
      'and n.attempt > o.attempt and k.input is not null',
      '',
      PROMPTS,
    ],
    [
      'src/server/services/taskWatchdog/Leftovers.ts',
      'the prompts of ended runs are cleared',
      '    await this.clearPrompts(now);\n',
      '',
      PROMPTS,
    ],
    [
      'packages/agents/src/steps/stepLoop.ts',
      'a conversation goes on with a prompt',
      'isFirst && found.input === null',
      'false',
      unit('packages/agents/src/steps'),
    ],
    [
      `${SQL}/sweeps/retention.ts`,
      'a clock that is ahead removes nothing',
      'least($1::timestamptz, now())',
      '$1::timestamptz',
      RETENTION,
    ],
    [
      `${SQL}/sweeps/retention.ts`,
      'an open arm stays',
      'k.token < $3::uuid and k.outcome is not null and',
      'k.token < $3::uuid and',
      RETENTION,
    ],
    [
      'packages/prompts/src/recipe.ts',
      'a prompt that is not whole does not pass for whole',
      'isWhole: hashOf(text) === recipe.hash',
      'isWhole: true',
      unit('packages/prompts/src/recipe.test.ts'),
    ],
    [
      'packages/prompts/src/recipe.ts',
      'the instruction of a prompt is stored',
      'label === null || STORED_LABELS.test(label)',
      'label === null',
      database('tests/loop/promptArchive.db.test.ts'),
    ],
    [
      `${SQL}/prompt/promptContext.ts`,
      'an answer reaches the prompt however old its brief is',
      'b.resolved_at desc, b.id desc limit ${READ.answeredBriefs}',
      'b.resolved_at desc limit 0',
      database(`${SQL}/prompt/promptContext.db.test.ts`),
    ],
    [
      `${SQL}/prompt/promptContext.ts`,
      'a prompt is put together from the answers as they were',
      'asOf ??',
      'undefined ??',
      database(`${SQL}/prompt/promptContext.db.test.ts`),
    ],
    [
      `${SQL}/prompt/promptContext.ts`,
      'a prompt is put together from the history as it was',
      'asOf === undefined ? AFTER_ALL_IDS : operationId',
      'AFTER_ALL_IDS',
      database('tests/loop/promptArchive.db.test.ts'),
    ],
    [
      `${SQL}/sweeps/deletedTasks.ts`,
      'the runs of a deleted task stay counted for their days',
      "{ name: 'operations', text: OPERATIONS_REMOVAL }",
      "{ name: 'operations', text: removal('operations', 'everbeat.operations r where r.task_id = $1::uuid') }",
      database('tests/api/systemOverview.db.test.ts'),
    ],
    [
      'src/server/services/taskWatchdog/Leftovers.ts',
      'a held task keeps no other from being removed',
      'if (isDatabaseUnavailable(error)) throw error;',
      'throw error;',
      DELETION,
    ],
    [
      'src/server/services/taskWatchdog/FailedRepairs.ts',
      'rows that cannot be repaired hold up none behind them',
      'const limit = LIMITS.watchdogBatchRows + this.leftCount() + unrepaired.size;',
      'const limit = LIMITS.watchdogBatchRows;',
      unit('src/server/services/taskWatchdog'),
    ],
  ];

export const LEFTOVER_GUARDS: Mutant[] = GUARDS.map(([file, name, find, replace, check]) => ({
  name: `leftovers: ${name}`,
  file,
  find,
  replace,
  checks: [check],
}));
