import { database, type Mutant, unit } from '../mutant';

const RESERVING = [database('tests/guards/money.db.test.ts')];
const ANSWERS = [database('tests/guards/budgetAnswers.db.test.ts')];
const REVIEWS = [database('tests/review/reviewers.db.test.ts')];
const SETTINGS = [database('tests/loop/budget.db.test.ts')];
const TRIALS = [database('tests/api/trialSpend.db.test.ts')];
const RULES = [unit('packages/domain/src/budgetStop.test.ts'), unit('packages/domain/src/budget.test.ts')];

/** The guards of the money brake (PROTOCOL §10): file, name, text to find, replacement, checks. */
const GUARDS: [string, string, string, string, Mutant['checks']][] = [
  [
    'src/server/services/taskRunner/budgetOfRun.ts',
    'a check has to fit under the caps of its reviewer',
    'agentId: agent?.id ?? null, userId: state.userId, occurrence',
    'agentId: state.agentId, userId: state.userId, occurrence',
    REVIEWS,
  ],
  [
    'src/server/services/taskLifecycle/spending.ts',
    'what a check costs counts against its reviewer',
    'const agentId = agentIdOfRun(state);',
    'const agentId = state.agentId;',
    REVIEWS,
  ],
  [
    'src/server/services/taskRunner/stepJournal.ts',
    'a model is not called while counters are missing',
    "if (alone?.kind === 'no-counters') throw",
    "if (alone?.kind === 'no-counters' && reserve === undefined) throw",
    [database('tests/steps/counters.db.test.ts')],
  ],
  [
    'packages/database/src/steps/money.ts',
    'what others have reserved leaves less room',
    'else c.spent_usd + c.reserved_usd + coalesce(d.spent_usd + d.reserved_usd, 0)',
    'else c.spent_usd + coalesce(d.spent_usd + d.reserved_usd, 0)',
    RESERVING,
  ],
  [
    'packages/database/src/steps/money.ts',
    'those before in the same statement leave less room',
    '+ sum(w.worst_usd) over before - w.worst_usd end as used_usd',
    'end as used_usd',
    RESERVING,
  ],
  [
    'packages/database/src/steps/money.ts',
    'a reservation without room is not made',
    'where not j.is_missing and not j.is_full',
    'where not j.is_missing',
    RESERVING,
  ],
  [
    'packages/database/src/steps/money.ts',
    'a counter that is missing counts for nothing',
    'where not j.is_missing and not j.is_full',
    'where not j.is_full',
    RESERVING,
  ],
  [
    'packages/database/src/steps/money.ts',
    'a step whose reservation was refused does not start',
    'and not exists (select 1 from granted g where g.id = a.id))`',
    'and false)`',
    RESERVING,
  ],
  [
    'packages/database/src/steps/money.ts',
    'a reservation is made once',
    'where r.id is not null and not exists (select 1 from everbeat.spend_entries e where e.id = r.id)',
    'where r.id is not null',
    RESERVING,
  ],
  [
    'packages/database/src/steps/money.ts',
    'what a call has cost is counted once',
    "where e.id = s.id and e.state = 'reserved'",
    'where e.id = s.id',
    RESERVING,
  ],
  [
    'packages/database/src/steps/money.ts',
    'the cap of one run counts its earlier attempts',
    'where e.occurrence = w.occurrence and not exists',
    'where e.operation_id = w.operation_id and not exists',
    RESERVING,
  ],
  [
    'packages/database/src/steps/money.ts',
    'a model without a known price is held by tokens',
    "const IS_TOKENS_FULL = 'f.used_tokens + f.worst_tokens > f.cap_tokens';",
    "const IS_TOKENS_FULL = 'false';",
    RESERVING,
  ],
  [
    'packages/database/src/steps/money.ts',
    'what a process that is gone has reserved counts as spent',
    "where o.state = 'reserved' and o.lease_epoch < h.lease_epoch",
    'where false',
    RESERVING,
  ],
  [
    'packages/database/src/budgets/counters.ts',
    'what a run that lives has reserved is left alone',
    "where o.id = e.operation_id and o.status = 'running' and o.lease_epoch = e.lease_epoch)",
    'where false)',
    RESERVING,
  ],
  [
    'packages/database/src/budgets/raiseCaps.ts',
    'a cap is raised once',
    "`jsonb_typeof(${budget} -> $3) = 'number' and (${budget} ->> $3)::numeric = $4::numeric`",
    "`jsonb_typeof(${budget} -> $3) = 'number' and $4::numeric is not null`",
    ANSWERS,
  ],
  [
    'packages/database/src/budgets/warnings.ts',
    'the person is told once in each period',
    'and c.user_id = $2 and c.warned_at is null',
    'and c.user_id = $2',
    ANSWERS,
  ],
  [
    'packages/domain/src/budgetStop.ts',
    'a cap is raised far enough for the next call',
    'Math.max(limit * 2, used + asked * 2, used + 1)',
    'limit * 2',
    RULES,
  ],
  [
    'packages/domain/src/budgetStop.ts',
    'a task waits until the last of its caps counts anew',
    'if (latest === null || start > latest) latest = start;',
    'latest ??= start;',
    RULES,
  ],
  [
    'packages/domain/src/budgetStop.ts',
    'a task does not wait for a cap that never counts anew',
    'if (start === null) return null;',
    'if (start === null) continue;',
    RULES,
  ],
  [
    'packages/domain/src/budgetStop.ts',
    'a question is not closed where a cap was not raised',
    'now === undefined || (now.limit > before && now.used < now.limit)',
    'now === undefined || now.used < now.limit',
    RULES,
  ],
  [
    'packages/domain/src/budgetStop.ts',
    'a question is not closed where a cap was raised to less than is used',
    'now === undefined || (now.limit > before && now.used < now.limit)',
    'now === undefined || now.limit > before',
    RULES,
  ],
  [
    'src/server/services/taskLifecycle/roomMade.ts',
    'the caps of an agent that works for the task hold for it',
    'const agentId = [wait.agentId, wait.reviewerId].find((id) => id === named) ?? null;',
    'const agentId = null;',
    SETTINGS,
  ],
  [
    'src/server/services/spend/SpendService.ts',
    'a raised cap of everything lets tasks go on',
    'if (change.budget !== undefined) await lifecycle.goOnWithinBudgets(userId);',
    '',
    SETTINGS,
  ],
  [
    'src/server/services/agents/trialMoney.ts',
    'a trial reserves what it may cost',
    'cost === undefined || started === undefined ? undefined : await money.reservationOf(started, cost);',
    'undefined;',
    TRIALS,
  ],
  [
    'src/server/services/agents/trialMoney.ts',
    'what a stopped trial had reserved counts',
    'await this.writeOut({ spent: this.money.abandoned() });',
    '',
    TRIALS,
  ],
  [
    'src/server/services/agents/trial.ts',
    'a trial without room is not begun',
    'if (room !== null && room.full.length > 0)',
    'if (room === undefined)',
    TRIALS,
  ],
  [
    'packages/database/src/budgets/counters.ts',
    'what a trial that is under way has reserved is left alone',
    'and (e.task_id is not null or e.created_at < $2::timestamptz - make_interval(secs => ${LIMITS.trialSecondsMax * 2}))',
    '',
    RESERVING,
  ],
  [
    'packages/domain/src/budget.ts',
    'an amount is never rounded to nothing',
    'Math.ceil(Number((usd * MICRO_USD).toFixed(3)))',
    'Math.floor(Number((usd * MICRO_USD).toFixed(3)))',
    RULES,
  ],
];

export const MONEY_GUARDS: Mutant[] = GUARDS.map(([file, name, find, replace, checks]) => ({
  name: `money: ${name}`,
  ...{ file, find, replace, checks },
}));
