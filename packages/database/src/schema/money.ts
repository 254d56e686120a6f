import {
  BUDGET_PERIODS,
  BUDGET_SCOPES,
  type BudgetPeriod,
  type BudgetScope,
  SPEND_STATES,
  type SpendState,
} from '@everbeat/domain';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  numeric,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import { instant, oneOf } from './columns';
import { everbeat } from './everbeat';
import { ownerId } from './people';

/** US dollars, to the millionth. */
const usd = (name: string) => numeric(name, { precision: 20, scale: 6 });
const usdCounter = (name: string) => usd(name).notNull().default('0');
const tokens = (name: string) => bigint(name, { mode: 'number' }).notNull().default(0);

/**
 * What a task, an agent or an owner has spent and reserved in one period (PROTOCOL §10). The lock on a row
 * makes reservations against one cap follow each other. What a subtask spends is counted for the tasks above
 * it too.
 */
export const budgetCounters = everbeat.table(
  'budget_counters',
  {
    scope: text('scope').$type<BudgetScope>().notNull(),
    /** The id of the task, the agent or the user. */
    scopeId: text('scope_id').notNull(),
    period: text('period').$type<BudgetPeriod>().notNull(),
    /** `2026-11-28`, `2026-11`, or empty for everything, in the zone of the scope. */
    periodKey: text('period_key').notNull(),
    userId: ownerId(),
    reservedUsd: usdCounter('reserved_usd'),
    spentUsd: usdCounter('spent_usd'),
    /** The part of `spentUsd` that runs without news have cost. Counted for days alone. */
    idleUsd: usdCounter('idle_usd'),
    /**
     * The part of `spentUsd` that no reservation covered: what agents elsewhere report, or a provider above
     * the worst case.
     */
    unforeseenUsd: usdCounter('unforeseen_usd'),
    reservedTokens: tokens('reserved_tokens'),
    inputTokens: tokens('input_tokens'),
    outputTokens: tokens('output_tokens'),
    unforeseenTokens: tokens('unforeseen_tokens'),
    /** The caps under which something was reserved last. Null: there were none. */
    capUsd: usd('cap_usd'),
    capTokens: bigint('cap_tokens', { mode: 'number' }),
    /** When the person was told that most of it is spent. */
    warnedAt: instant('warned_at'),
  },
  (t) => [
    primaryKey({ columns: [t.scope, t.scopeId, t.period, t.periodKey] }),
    index('budget_counters_user_idx').on(t.userId, t.scope, t.period, t.periodKey),
    /** For the removal of old days. */
    index('budget_counters_day_idx').on(t.periodKey).where(sql`scope <> 'owner' and period = 'day'`),
    check('budget_counters_scope_check', oneOf(t.scope, BUDGET_SCOPES)),
    check('budget_counters_period_check', oneOf(t.period, BUDGET_PERIODS)),
    check('budget_counters_reserved_check', sql`${t.reservedUsd} >= 0 and ${t.reservedTokens} >= 0`),
  ],
);

/**
 * What one call of a model was reserved for and has cost, or what an agent elsewhere says that its run has
 * cost. It outlives its run and its task, because the counters count it; after a year, these alone are kept.
 */
export const spendEntries = everbeat.table(
  'spend_entries',
  {
    id: uuid('id').primaryKey(),
    operationId: uuid('operation_id').notNull(),
    /** Null: the whole run, as its agent reports it. */
    stepIndex: integer('step_index'),
    /** Null: an agent was tried without a task. */
    taskId: uuid('task_id'),
    agentId: uuid('agent_id'),
    userId: ownerId(),
    /** The same for every attempt at one run. */
    occurrence: uuid('occurrence').notNull(),
    /** `provider/model`. Null: the agent does not say. */
    model: text('model'),
    /** The epoch of the execution that has reserved it: it is gone when the operation has a higher one. */
    leaseEpoch: integer('lease_epoch').notNull().default(0),
    /** Which counters count it: `{scope, id, day, month}[]`. */
    scopes: jsonb('scopes').$type<SpendScope[]>().notNull(),
    /** False: no price is known for the model, so that only its tokens count. */
    isPriced: boolean('is_priced').notNull(),
    /** The most that it was expected to cost, which was reserved. */
    worstUsd: usdCounter('worst_usd'),
    worstTokens: tokens('worst_tokens'),
    /** What is reserved now: nothing once it is spent. */
    reservedUsd: usdCounter('reserved_usd'),
    spentUsd: usdCounter('spent_usd'),
    inputTokens: tokens('input_tokens'),
    outputTokens: tokens('output_tokens'),
    state: text('state').$type<SpendState>().notNull(),
    /** Nobody has reported what it cost, so that what was reserved counts. */
    isAssumed: boolean('is_assumed').notNull().default(false),
    createdAt: instant('created_at').notNull(),
    settledAt: instant('settled_at'),
  },
  (t) => [
    index('spend_entries_operation_idx').on(t.operationId, t.stepIndex),
    index('spend_entries_occurrence_idx').on(t.occurrence),
    index('spend_entries_task_idx').on(t.taskId, t.createdAt),
    index('spend_entries_user_idx').on(t.userId, t.createdAt),
    index('spend_entries_reserved_idx').on(t.createdAt).where(sql`state = 'reserved'`),
    check('spend_entries_state_check', oneOf(t.state, SPEND_STATES)),
  ],
);

/** A scope of an entry, with its day and month. */
export interface SpendScope {
  scope: BudgetScope;
  id: string;
  day: string;
  month: string;
}
