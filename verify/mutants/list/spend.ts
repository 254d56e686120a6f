import { database, type Mutant, unit } from '../mutant';

const IDLE = [database('tests/loop/idleSpend.db.test.ts')];
const READS = [database('tests/api/spend.db.test.ts')];
const RANGES = [unit('packages/domain/src/spendRange.test.ts')];
const FORECASTS = [unit('packages/domain/src/spendForecast.test.ts')];

/**
 * What is told of what was spent (API.md, "What was spent"): file, name, text to find, replacement, checks.
 */
const GUARDS: [string, string, string, string, Mutant['checks']][] = [
  [
    'packages/database/src/commit/spend.ts',
    'a document that a step has written is news',
    ' and d.name <>',
    ' and false and d.name <>',
    IDLE,
  ],
  [
    'packages/database/src/commit/spend.ts',
    'what a reported run without news has cost is counted once, by day',
    `case when p.period = 'day' and i.operation_id is not null`,
    'case when i.operation_id is not null and false',
    IDLE,
  ],
  [
    'src/server/services/taskLifecycle/spending.ts',
    'a run that leaves something has news',
    'return count === 0 && outage === null;',
    'return true;',
    IDLE,
  ],
  [
    'packages/database/src/reads/spend.ts',
    'calls of other users are not told',
    'where user_id = $1 and created_at >= $2::timestamptz',
    'where $1::text is not null and created_at >= $2::timestamptz',
    READS,
  ],
  [
    'src/server/services/spend/SpendService.ts',
    'a paused task is not foreseen to cost anything',
    "automationMode === null || status === 'scheduled' || status === 'running'",
    "automationMode === null || status !== 'canceled'",
    READS,
  ],
  [
    'packages/domain/src/spendRange.ts',
    'so many days are told at once',
    '(toMs - fromMs) / DAY_MS >= LIMITS.spendDaysMax',
    'false',
    RANGES,
  ],
  [
    'packages/domain/src/spendForecast.ts',
    'a schedule of very many times is not counted as one of few',
    'return (beats * MONTH_MS) / (at.getTime() - now.getTime());',
    'return beats;',
    FORECASTS,
  ],
];

export const SPEND_GUARDS: readonly Mutant[] = GUARDS.map(([file, name, find, replace, checks]) => ({
  name: `spend: ${name}`,
  file,
  find,
  replace,
  checks,
}));
