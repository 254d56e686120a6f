import {
  type Budget,
  type BudgetScope,
  type Cap,
  type CapStand,
  type FullCap,
  LIMITS,
  toInstant,
  toMicros,
} from '@everbeat/domain';
import type { SpendScope } from '../schema';
import { lockWait } from '../sql/lockWait';
import { allRows, firstRow, type Queryable } from '../sql/queryable';
import { counted, lockedCounters, PERIODS, SCOPES, SETTLED_DELTAS, settled } from '../steps/money';
import type { ScopeOfRun } from './scopes';

/** Makes the counters that reservations of now lock, where they are missing. */
export async function ensureCounters(
  db: Queryable,
  { userId, scopes }: { userId: string; scopes: readonly SpendScope[] },
): Promise<void> {
  await db.query({
    name: 'everbeat_ensure_counters',
    text: `
      insert into everbeat.budget_counters (scope, scope_id, period, period_key, user_id)
      select x.scope, x.id, p.period, p.period_key, $2
      from ${lockWait('alone')}, jsonb_to_recordset($1::jsonb) as ${SCOPES} cross join lateral ${PERIODS}
      order by 1, 2, 3, 4
      on conflict do nothing`,
    values: [JSON.stringify(scopes), userId],
  });
}

interface CounterRow {
  scope: BudgetScope;
  scopeId: string;
  period: 'day' | 'month' | 'total';
  /** Spent and reserved, in micro-dollars. */
  micros: number;
  tokens: number;
  isWarned: boolean;
}

const CAP_OF_PERIOD = { day: 'perDayUsd', month: 'perMonthUsd', total: 'totalUsd' } as const;

/** A cap with what is used of it now. The caps of one run are not among them. */
export interface CapUse extends Omit<FullCap, 'asked'> {
  period: CounterRow['period'];
  periodKey: string;
  isWarned: boolean;
}

/** How much of each cap of these scopes, none of which is named twice, is used. Reads the primary key. */
export async function readCapUses(
  db: Queryable,
  scopes: readonly ScopeOfRun[],
  keys: readonly SpendScope[],
): Promise<CapUse[]> {
  const rows = await allRows<CounterRow & { periodKey: string }>(db, {
    name: 'everbeat_read_counters',
    text: `
      select c.scope, c.scope_id as "scopeId", c.period, c.period_key as "periodKey",
        round((c.spent_usd + c.reserved_usd) * 1000000)::float8 as micros,
        (c.input_tokens + c.output_tokens + c.reserved_tokens)::float8 as tokens, c.warned_at is not null as "isWarned"
      from jsonb_to_recordset($1::jsonb) as ${SCOPES} cross join lateral ${PERIODS}
        join everbeat.budget_counters c
          on c.scope = x.scope and c.scope_id = x.id and c.period = p.period and c.period_key = p.period_key`,
    values: [JSON.stringify(keys)],
  });
  const byCounter = new Map(rows.map((row) => [`${row.scope} ${row.scopeId} ${row.period}`, row]));
  const keyOf = new Map(keys.map((key) => [`${key.scope} ${key.id}`, key]));
  return scopes.flatMap(({ scope, scopeId, budget }) =>
    (['day', 'month', 'total'] as const).flatMap((period) => {
      const row = byCounter.get(`${scope} ${scopeId} ${period}`);
      const periodKey = period === 'total' ? '' : (keyOf.get(`${scope} ${scopeId}`)?.[period] ?? '');
      return capsOf(budget, period).map(({ cap, limit, isTokens }) => ({
        scope,
        scopeId,
        cap,
        limit,
        period,
        periodKey,
        used: (isTokens ? row?.tokens : row?.micros) ?? 0,
        isWarned: row?.isWarned ?? false,
      }));
    }),
  );
}

/**
 * The caps of one run, of which earlier attempts at it have used so much. Each run begins with nothing used.
 */
export const perRunCaps = (scopes: readonly ScopeOfRun[], used = 0): CapStand[] =>
  scopes.flatMap(({ scope, scopeId, budget: { perRunUsd } }) =>
    perRunUsd === undefined ? [] : [{ scope, scopeId, cap: 'perRunUsd', limit: toMicros(perRunUsd), used }],
  );

/**
 * What all attempts at one run have spent and reserved until now, in micro-dollars. Reads
 * spend_entries_occurrence_idx.
 */
export async function readRunSpend(db: Queryable, occurrence: string): Promise<number> {
  const row = await firstRow<{ micros: number }>(db, {
    name: 'everbeat_read_run_spend',
    text: `
      select round(coalesce(sum(e.spent_usd + e.reserved_usd), 0) * 1000000)::float8 as micros
      from everbeat.spend_entries e where e.occurrence = $1::uuid`,
    values: [occurrence],
  });
  return row?.micros ?? 0;
}

function capsOf(
  budget: Budget,
  period: CounterRow['period'],
): { cap: Cap; limit: number; isTokens: boolean }[] {
  const cap = CAP_OF_PERIOD[period];
  const usd = budget[cap];
  const tokens = period === 'day' ? budget.perDayTokens : undefined;
  return [
    ...(usd === undefined ? [] : [{ cap, limit: toMicros(usd), isTokens: false }]),
    ...(tokens === undefined ? [] : [{ cap: 'perDayTokens' as const, limit: tokens, isTokens: true }]),
  ];
}

/**
 * Settles reservations whose execution is gone, because its run has ended or was taken over, as spent: nobody
 * reports what they cost any more. One that is under way is left alone; a trial has no run, and is taken to
 * be under way for twice as long as it may take. Returns how many there were. Reads
 * spend_entries_reserved_idx.
 */
export async function settleAbandoned(db: Queryable, now: Date, limit: number): Promise<number> {
  const { rowCount } = await db.query({
    name: 'everbeat_settle_abandoned',
    text: `
      with abandoned as (
        select e.id from everbeat.spend_entries e, ${lockWait('alone')}
        where e.state = 'reserved'
          and (e.task_id is not null or e.created_at < $2::timestamptz - make_interval(secs => ${LIMITS.trialSecondsMax * 2}))
          and not exists (
          select 1 from everbeat.operations o
          where o.id = e.operation_id and o.status = 'running' and o.lease_epoch = e.lease_epoch)
        order by e.created_at limit $1
        for update of e skip locked
      ), ${settled(`select a.id, 'assumed' as outcome, 0 as micros, 0 as input_tokens, 0 as output_tokens from abandoned a`)},
      ${SETTLED_DELTAS}, ${lockedCounters(['settled_deltas'])}, ${counted(['settled_deltas'])}
      select id from settled`,
    values: [limit, toInstant(now)],
  });
  return rowCount ?? 0;
}
