import { database, type Mutant, unit } from '../mutant';

const LOOP = [unit('packages/agents/src/steps')];
const RULE = [unit('packages/domain/src/steps.test.ts')];
const TAKE_OVER = [database('tests/steps')];

/** The guards of runs that keep steps (PROTOCOL §9): file, name, text to find, replacement, checks. */
const GUARDS: [string, string, string, string, Mutant['checks']][] = [
  [
    'packages/domain/src/steps.ts',
    'a recorded result stands',
    "if (status !== 'started') return 'keep';",
    '',
    [...RULE, ...LOOP],
  ],
  [
    'packages/domain/src/steps.ts',
    'a call that may have happened is not repeated',
    "tool !== null && (tool.readOnly || tool.idempotent) ? 'execute' : 'unknown'",
    "'execute'",
    [...RULE, ...LOOP],
  ],
  [
    'packages/domain/src/steps.ts',
    'a run that ends its own server stops',
    ' && losses < LIMITS.lostRunsMax - 1',
    '',
    [...RULE, ...TAKE_OVER],
  ],
  [
    'packages/agents/src/steps/stepLoop.ts',
    'a call is committed before it is made',
    '      await this.commit(step);\n    }\n    const { occurrence',
    '    }\n    const { occurrence',
    LOOP,
  ],
  [
    'packages/agents/src/steps/stepLoop.ts',
    'what was noted for the report is noted again',
    "if (found.status === 'done') tool?.restore?.(found.input);",
    '',
    [...LOOP, ...TAKE_OVER],
  ],
  [
    'packages/agents/src/steps/stepLoop.ts',
    'a tool that is denied is not called',
    "if (tool.policy === 'deny')",
    'if (false)',
    LOOP,
  ],
  [
    'packages/agents/src/steps/stepLoop.ts',
    'a run that should stop calls no tool',
    'if (this.parts.journal.shouldYield()) return false;',
    '',
    LOOP,
  ],
  [
    'packages/database/src/steps/writeSteps.ts',
    'a process whose run was taken over writes no step',
    ' and o.lease_epoch = i."leaseEpoch"',
    '',
    TAKE_OVER,
  ],
  [
    'packages/database/src/steps/writeSteps.ts',
    'a run that has ended gets no more steps',
    "o.status = 'running' and o.lease_epoch = i.",
    'o.lease_epoch = i.',
    TAKE_OVER,
  ],
  [
    'packages/database/src/steps/writeSteps.ts',
    'a step that has ended is not changed',
    'where operation_steps.ended_at is null',
    '',
    TAKE_OVER,
  ],
  [
    'packages/database/src/steps/loadSteps.ts',
    'the latest attempt at a step counts',
    'order by s.index, o.attempt desc, o.id desc',
    'order by s.index, o.attempt, o.id',
    TAKE_OVER,
  ],
  [
    'packages/database/src/steps/takeOver.ts',
    'only a lease that is still over is taken',
    '\n        and o.lease_expires_at = $3::timestamptz and t.id',
    '\n        and $3::timestamptz is not null and t.id',
    TAKE_OVER,
  ],
  [
    'packages/database/src/steps/takeOver.ts',
    'an operation is taken over once',
    "where o.id = $1::uuid and o.status = 'running' and o.lease_epoch = $2::int\n        and",
    "where o.id = $1::uuid and o.status = 'running' and $2::int is not null\n        and",
    TAKE_OVER,
  ],
  [
    'packages/database/src/steps/takeOver.ts',
    'only its own process gives an operation back',
    'and o.lease_epoch = $2::int\n      returning',
    'and $2::int is not null\n      returning',
    TAKE_OVER,
  ],
  [
    'packages/database/src/leases/leases.ts',
    'a process renews no lease of an operation that was taken from it',
    "where o.lease_epoch = held.lease_epoch and o.status = 'running'",
    "where o.status = 'running'",
    TAKE_OVER,
  ],
  [
    'packages/database/src/commit/operation.ts',
    'a process settles no operation that was taken from it',
    "\n      and o.lease_epoch = coalesce((w.operation ->> 'lease_epoch')::int, o.lease_epoch)",
    '',
    TAKE_OVER,
  ],
  [
    'src/server/services/taskLifecycle/settle.ts',
    'an answer of the former process is refused',
    '(leaseEpoch === undefined || operation.leaseEpoch === leaseEpoch)',
    'true',
    TAKE_OVER,
  ],
  [
    'src/server/services/taskRunner/stepJournal.ts',
    'a process that may write no more stops',
    'if (!isWritten) this.parts.abort();',
    '',
    TAKE_OVER,
  ],
  [
    'src/server/services/taskRunner/TaskRunnerService.ts',
    'what an earlier process has done is not rolled back',
    'leaseEpoch > 0;',
    'leaseEpoch < 0;',
    TAKE_OVER,
  ],
];

export const STEP_GUARDS: Mutant[] = GUARDS.map(([file, name, find, replace, checks]) => ({
  ...{ name: `steps: ${name}`, file, find, replace, checks },
}));
