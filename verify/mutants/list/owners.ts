import { database, type Mutant } from '../mutant';

const DATABASE = 'packages/database/src';

/** That every read and write is one user's: file, name, what is found, what replaces it. */
const GUARDS: [string, string, string, string][] = [
  [
    `${DATABASE}/reads/tasks.ts`,
    'a task is read',
    'where t.id = $2::uuid and t.user_id = $1 and',
    'where t.id = $2::uuid and $1::text is not null and',
  ],
  [`${DATABASE}/reads/tasks.ts`, 'tasks are listed', 'eq(tasks.userId, userId)', 'sql`true`'],
  [
    `${DATABASE}/reads/tasks.ts`,
    'a task is named',
    'where user_id = $1 and ${byId',
    'where $1::text is not null and ${byId',
  ],
  [
    `${DATABASE}/reads/taskDetail.ts`,
    'a task is shown whole',
    'where t.id = $2::uuid and t.user_id = $1',
    'where t.id = $2::uuid and $1::text is not null',
  ],
  [
    `${DATABASE}/reads/pictures.ts`,
    'a picture of a page is served',
    'where p.id = $2::uuid and p.user_id = $1',
    'where p.id = $2::uuid and $1::text is not null',
  ],
  [
    `${DATABASE}/writes/pictures.ts`,
    'a picture of a page is stored',
    'where t.id = $2::uuid and t.user_id = $3',
    'where t.id = $2::uuid and $3::text is not null',
  ],
  [
    `${DATABASE}/reads/dependents.ts`,
    'tasks that wait for one are listed',
    'and d.user_id = $1',
    'and $1::text is not null',
  ],
  [
    `${DATABASE}/sql/runsOfUser.ts`,
    'the last runs are counted',
    'where u.user_id = $1',
    'where $1::text is not null',
  ],
  [`${DATABASE}/reads/briefs.ts`, 'briefs are listed', 'eq(briefs.userId, userId)', 'sql`true`'],
  [
    `${DATABASE}/reads/briefs.ts`,
    'a brief is read',
    'where b.id = $2::uuid and b.user_id = $1',
    'where b.id = $2::uuid and $1::text is not null',
  ],
  [
    `${DATABASE}/reads/briefRefs.ts`,
    'a brief is resolved',
    'where b.id = $1::uuid and b.user_id = $2',
    'where b.id = $1::uuid and $2::text is not null',
  ],
  [
    `${DATABASE}/writes/briefs.ts`,
    'a brief is marked as read',
    ' and b.user_id = $1 and',
    ' and $1::text is not null and',
  ],
  [
    `${DATABASE}/reads/operationRefs.ts`,
    'the secrets of an agent are read',
    'where o.id = $1::uuid and o.user_id = $2',
    'where o.id = $1::uuid and $2::text is not null',
  ],
  [
    `${DATABASE}/reads/runs.ts`,
    'a run is read',
    'where o.id = $2::uuid and o.user_id = $1',
    'where o.id = $2::uuid and $1::text is not null',
  ],
  [
    `${DATABASE}/reads/runs.ts`,
    'topics are listed',
    "also: 'p.user_id = $1'",
    "also: '$1::text is not null'",
  ],
  [
    `${DATABASE}/reads/ledger.ts`,
    'the ledger is listed',
    'where k.user_id = $1 and k.task_id',
    'where $1::text is not null and k.task_id',
  ],
  [`${DATABASE}/reads/runs.ts`, 'a transcript is read', 'eq(messages.userId, userId)', 'sql`true`'],
  [
    `${DATABASE}/reads/runs.ts`,
    'an empty transcript is read',
    'and p.id = $2::uuid and p.user_id = $1',
    'and p.id = $2::uuid and $1::text is not null',
  ],
  [
    `${DATABASE}/reads/agents.ts`,
    'agents are listed',
    'where a.user_id = $1 order',
    'where $1::text is not null order',
  ],
  [
    `${DATABASE}/reads/agents.ts`,
    'an agent is read',
    'where a.id = $2::uuid and a.user_id = $1',
    'where a.id = $2::uuid and $1::text is not null',
  ],
  [
    `${DATABASE}/writes/agents.ts`,
    'an agent is changed',
    'a.id = $2::uuid and a.user_id = $1 and a.updated_at',
    'a.id = $2::uuid and $1::text is not null and a.updated_at',
  ],
  [
    `${DATABASE}/writes/agents.ts`,
    'an agent is deleted',
    'where a.id = $2::uuid and a.user_id = $1 for update',
    'where a.id = $2::uuid and $1::text is not null for update',
  ],
  [
    `${DATABASE}/writes/taskGraph.ts`,
    'a task is tied to another',
    'any($2::uuid[]) and user_id = $1',
    'any($2::uuid[]) and $1::text is not null',
  ],
  [
    `${DATABASE}/writes/taskGraph.ts`,
    'a task is given an agent',
    'where id = $2::uuid and user_id = $1',
    'where id = $2::uuid and $1::text is not null',
  ],
  [
    `${DATABASE}/writes/tasks.ts`,
    'a comment is added',
    't.id = $3::uuid and t.user_id = $1',
    't.id = $3::uuid and $1::text is not null',
  ],
  [
    `${DATABASE}/writes/dependencies.ts`,
    'a dependency is removed',
    'where d.user_id = $1 and d.task_id',
    'where $1::text is not null and d.task_id',
  ],
  [
    `${DATABASE}/prompt/promptContext.ts`,
    'a prompt is built',
    'join everbeat.tasks t on t.id = k.task_id and t.user_id = k.user_id',
    'join everbeat.tasks t on t.id = k.task_id',
  ],
  [
    'src/server/services/taskLifecycle/decideAndCommit.ts',
    'a task is acted on',
    ' || state.userId !== userId',
    '',
  ],
  [
    'src/server/services/taskLifecycle/TaskLifecycleService.ts',
    'a run is interrupted',
    ' || operation.userId !== userId',
    '',
  ],
  [
    'src/server/services/taskLifecycle/settle.ts',
    'a completion is told',
    'operation?.userId === completion.userId &&',
    'operation !== null &&',
  ],
  ['packages/domain/src/manualRunDecision.ts', 'a task is run', ' || state.userId !== request.userId', ''],
  [
    'src/server/services/feed/mailbox.ts',
    'a live change is told',
    'event.userId === userId && (taskId',
    '(taskId',
  ],
];

export const OWNER_GUARDS: Mutant[] = GUARDS.map(([file, name, find, replace]) => ({
  name: `owner: ${name} by its user alone`,
  file,
  find,
  replace,
  checks: [
    database('tests/guards/owners.db.test.ts', 'tests/api/ownership.db.test.ts'),
    database('tests/feed'),
  ],
  heldBy:
    name === 'a completion is told' ? 'the reading of the task, which finds none of another user' : undefined,
}));
