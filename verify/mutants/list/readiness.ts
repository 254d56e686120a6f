import { database, type Mutant, unit } from '../mutant';

const RULE = [unit('packages/domain/src/readiness.test.ts')];
const WHOLE = [database('tests/api/readiness.db.test.ts')];
const TOGETHER = [database('tests/api/startedTogether.db.test.ts')];
const STATEMENTS = 'packages/database/src/readiness/agentChecks.ts';

/** The guards of the readiness of agents (PROTOCOL §4.3): file, name, text to find, replacement, checks. */
const GUARDS: [string, string, string, string, Mutant['checks']][] = [
  [
    'packages/domain/src/readiness.ts',
    'what is only away stops no task',
    "verdict === 'misconfigured' || verdict === 'reauth-required'",
    "verdict !== 'ready'",
    [...RULE, ...WHOLE],
  ],
  [
    'packages/domain/src/readiness.ts',
    'what is only away is told once it stays away',
    'awaySeconds < LIMITS.agentAwaySeconds',
    'false',
    [...RULE, ...WHOLE],
  ],
  [
    'packages/agents/src/kinds/model/checkAgent.ts',
    'a server of models without a key is sent nothing when an agent is saved',
    "if (!isThorough && provider === 'openai-compatible'",
    "if (false && provider === 'openai-compatible'",
    [unit('packages/agents/src/kinds/checks.test.ts')],
  ],
  [
    'src/server/services/taskLifecycle/resumeAll.ts',
    'what is resumed together is checked first',
    'tasks.filter(({ id }) => !notReady.has(id))',
    'tasks',
    TOGETHER,
  ],
  [
    'src/server/services/taskLifecycle/runSubtasks.ts',
    'parts that are run together are checked first',
    'subtasks.filter(({ id }) => !notReady.has(id))',
    'subtasks',
    TOGETHER,
  ],
  [
    'src/server/services/taskLifecycle/runSubtasks.ts',
    'parts whose agent cannot run are not started by the answer to their brief',
    'if (!isUndecided || isLeft ||',
    'if (!isUndecided ||',
    TOGETHER,
  ],
  [
    'src/server/services/taskLifecycle/resolveBrief.ts',
    'a question about parts stays open while one of them cannot run',
    "if (resolution.action === 'start') await",
    'if (false) await',
    TOGETHER,
  ],
  [
    STATEMENTS,
    'a check is taken by one server',
    'case when d.is_wanted then ${TAKEN_SECONDS} else',
    'case when d.is_wanted then 0 else',
    WHOLE,
  ],
  [
    STATEMENTS,
    'agents that no task uses are not checked daily',
    'checked_at is null\n          or exists (select',
    'true\n          or exists (select',
    WHOLE,
  ],
  [
    STATEMENTS,
    'a result is recorded over the agent as it was read',
    ' and a.updated_at = $3::timestamptz',
    ' and $3::timestamptz is not null',
    WHOLE,
  ],
  [
    STATEMENTS,
    'an earlier check says nothing over a later one',
    'a.checked_at is not distinct from $16::timestamptz',
    '($16::timestamptz is null or true)',
    WHOLE,
  ],
  [
    STATEMENTS,
    'a check that was brought forward meanwhile is made again',
    'case when a.check_due_at = $17::timestamptz then $9::timestamptz else a.check_due_at end',
    'coalesce($9::timestamptz, $17::timestamptz)',
    WHOLE,
  ],
  [
    STATEMENTS,
    'what a person has put aside is not opened again',
    "and b.resolved_at is not null and b.resolved_action <> 'recovered')",
    'and false)',
    WHOLE,
  ],
  [
    STATEMENTS,
    'a brief closes when nothing is wrong any more',
    "where $10 = 'close' and b.agent_id = c.id",
    'where false and b.agent_id = c.id',
    WHOLE,
  ],
  [
    'src/server/services/readiness/ReadinessService.ts',
    'a task whose agent cannot run is not started',
    'if (cannotRun(verdict)) throw',
    'if (false) throw',
    WHOLE,
  ],
  [
    'src/server/services/readiness/ReadinessService.ts',
    'what a task has to set is no fault of its agent',
    "cure !== 'edit-task'",
    'cure !== null',
    WHOLE,
  ],
];

export const READINESS_GUARDS: readonly Mutant[] = GUARDS.map(([file, name, find, replace, checks]) => ({
  name: `readiness: ${name}`,
  file,
  find,
  replace,
  checks,
}));
