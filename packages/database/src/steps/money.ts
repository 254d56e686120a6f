import type { FullCap } from '@everbeat/domain';
import type { SpendScope } from '../schema';

/**
 * The part of `writeSteps` that is about money (PROTOCOL §10): in the statement that writes the result of one
 * step and the start of the next, what the one has cost replaces what was reserved for it, and the next is
 * reserved for, against every cap, or not started.
 */

/** What a call of a model may cost at most. Amounts are in micro-dollars. */
export interface Reservation {
  /** The id of the entry: the same reservation made twice is made once. */
  id: string;
  stepIndex: number;
  /** Null: an agent is tried without a task. */
  taskId: string | null;
  agentId: string | null;
  userId: string;
  occurrence: string;
  model: string;
  /** False: its price is not known, so that only tokens are reserved. */
  isPriced: boolean;
  /**
   * Its price is not known, and its provider reports what it has cost: it may begin while no cap of money is
   * reached.
   */
  isCostedLater: boolean;
  worstMicros: number;
  worstTokens: number;
  scopes: SpendScope[];
}

/** What became of a call that was reserved for. */
export interface SpendReport {
  id: string;
  /** `assumed`: nobody knows what it cost, so that what was reserved counts. */
  outcome: 'spent' | 'assumed' | 'released';
  micros: number;
  inputTokens: number;
  outputTokens: number;
}

export const MONEY_INPUT = 'spent json, reserve json';

/** In SQL: micro-dollars as US dollars, and back. */
export const USD = '0.000001';
const micros = (usd: string): string => `round(${usd} * 1000000)::float8`;

/** The periods of a scope of an entry, whose row is `x`. */
export const PERIODS = `(values ('day', x.day), ('month', x.month), ('total', '')) p(period, period_key)`;
export const SCOPES = 'x(scope text, id text, day text, month text)';
const KEY = ['scope', 'scope_id', 'period', 'period_key'] as const;
const sameKey = (a: string, b: string): string =>
  KEY.map((part) => `${a}.${part} = ${b}.${part}`).join(' and ');
const KEY_COLUMNS = KEY.join(', ');

/**
 * Entries that are settled, once: those that the write names, and those that an execution which was taken
 * over has left behind, whose cost nobody reports any more. They are listed first: joined at once, the list
 * is made again for each entry that is reserved.
 */
export const settled = (which: string): string => `settling as materialized (${which}
  ), settled as (
    update everbeat.spend_entries e set state = case s.outcome when 'released' then 'released' else 'spent' end,
      is_assumed = s.outcome = 'assumed', reserved_usd = 0, settled_at = $2::timestamptz,
      spent_usd = case s.outcome when 'released' then 0 when 'assumed' then e.worst_usd else s.micros * ${USD} end,
      input_tokens = case s.outcome when 'released' then 0 when 'assumed' then e.worst_tokens else s.input_tokens end,
      output_tokens = case s.outcome when 'spent' then s.output_tokens else 0 end
    from settling s
    where e.id = s.id and e.state = 'reserved'
    returning e.*
  )`;

/** What the counters gain by what is settled. Summed once, not for each counter that it is joined with. */
export const SETTLED_DELTAS = `settled_deltas as materialized (
    select x.scope, x.id as scope_id, p.period, p.period_key, -sum(e.worst_usd) as reserved_usd, sum(e.spent_usd) as spent_usd,
      sum(greatest(0, e.spent_usd - e.worst_usd)) as unforeseen_usd, -sum(e.worst_tokens) as reserved_tokens,
      sum(e.input_tokens) as input_tokens, sum(e.output_tokens) as output_tokens,
      sum(greatest(0, e.input_tokens + e.output_tokens - e.worst_tokens)) as unforeseen_tokens
    from settled e cross join lateral jsonb_to_recordset(e.scopes) as ${SCOPES} cross join lateral ${PERIODS}
    group by 1, 2, 3, 4
  )`;

const SETTLED_BY_STEPS = settled(`
      select s.id, s.outcome, s.micros, s."inputTokens" as input_tokens, s."outputTokens" as output_tokens
      from held h cross join lateral json_to_recordset(h.spent) as s(id uuid, outcome text, micros bigint, "inputTokens" bigint, "outputTokens" bigint)
        join everbeat.spend_entries o on o.id = s.id and o.operation_id is not distinct from h.id
      union all
      select o.id, 'assumed', 0, 0, 0 from held h join everbeat.spend_entries o on o.operation_id = h.id
      where o.state = 'reserved' and o.lease_epoch < h.lease_epoch`);

/** The reservations that are to be made: not those that this write has made already. */
const ASKED = `asked as (
    select h.id as operation_id, h.lease_epoch, r.id, r."stepIndex" as step_index, r."taskId" as task_id, r."agentId" as agent_id, r."userId" as user_id,
      r.occurrence, r.model, r."isPriced" as is_priced, r."isCostedLater" as is_costed_later, r."worstMicros" * ${USD} as worst_usd, r."worstTokens" as worst_tokens,
      r.scopes, row_number() over (order by h.id) as turn
    from held h cross join lateral json_to_record(h.reserve) as r(id uuid, "stepIndex" int, "taskId" uuid, "agentId" uuid, "userId" text, occurrence uuid,
      model text, "isPriced" boolean, "isCostedLater" boolean, "worstMicros" bigint, "worstTokens" bigint, scopes jsonb)
    where r.id is not null and not exists (select 1 from everbeat.spend_entries e where e.id = r.id)
  )`;

/** A cap in a stored budget `b`. What is no number there is no cap. */
const capIn = (name: string): string =>
  `case when jsonb_typeof(b.budget -> '${name}') = 'number' then (b.budget ->> '${name}')::numeric end`;
const CAP_OF_PERIOD = `case p.period when 'day' then ${capIn('perDayUsd')} when 'month' then ${capIn('perMonthUsd')}
        when 'total' then ${capIn('totalUsd')} else ${capIn('perRunUsd')} end`;

/**
 * Each counter that a reservation has to fit into, with its caps as they are now. The one of the run is no
 * row.
 */
const WANTED = `wanted as (
    select a.id, a.operation_id, a.turn, a.occurrence, a.is_costed_later, a.worst_usd, a.worst_tokens, x.scope, x.id as scope_id, p.period, p.period_key,
      ${CAP_OF_PERIOD} as cap_usd, case when p.period = 'day' then ${capIn('perDayTokens')} end as cap_tokens
    from asked a cross join lateral jsonb_to_recordset(a.scopes) as ${SCOPES}
      cross join lateral (select case x.scope
        when 'task' then (select t.config -> 'budget' from everbeat.tasks t where t.id = x.id::uuid)
        when 'agent' then (select g.config -> 'budget' from everbeat.agents g where g.id = x.id::uuid)
        else (select u.budget from everbeat.users u where u.id = x.id) end as budget) b
      cross join lateral (values ('day', x.day), ('month', x.month), ('total', ''), ('run', '')) p(period, period_key)
  )`;

/**
 * All counters that this write changes, locked in one order by every writer. Those that are missing are left
 * out.
 */
export const lockedCounters = (sources: readonly string[]): string => `counters as (
    select c.* from (${sources.map((source) => `select ${KEY_COLUMNS} from ${source}`).join(' union ')}) k
      join everbeat.budget_counters c on ${sameKey('c', 'k')}
    order by c.scope, c.scope_id, c.period, c.period_key
    for update of c
  )`;

const RUN_SPENT = `(select coalesce(sum(e.spent_usd + e.reserved_usd), 0) from everbeat.spend_entries e
          where e.occurrence = w.occurrence and not exists (select 1 from settled s where s.id = e.id))
        + (select coalesce(sum(s.spent_usd), 0) from settled s where s.occurrence = w.occurrence)`;

/**
 * How full each counter would be. Of several reservations in one statement, those before count as made,
 * whether they are or not: a refusal there is asked again alone.
 */
const FILLED = `filled as (
    select w.*, w.period <> 'run' and c.scope is null as is_missing,
      case when w.period = 'run' then ${RUN_SPENT}
        else c.spent_usd + c.reserved_usd + coalesce(d.spent_usd + d.reserved_usd, 0)
          + sum(w.worst_usd) over before - w.worst_usd end as used_usd,
      c.input_tokens + c.output_tokens + c.reserved_tokens
        + coalesce(d.input_tokens + d.output_tokens + d.reserved_tokens, 0)
        + sum(w.worst_tokens) over before - w.worst_tokens as used_tokens
    from wanted w left join counters c on ${sameKey('c', 'w')} left join settled_deltas d on ${sameKey('d', 'w')}
    window before as (partition by w.scope, w.scope_id, w.period, w.period_key order by w.turn)
  )`;

const capName = `case f.period when 'day' then 'perDayUsd' when 'month' then 'perMonthUsd' when 'total' then 'totalUsd' else 'perRunUsd' end`;
/**
 * What costs nothing beforehand fits under a cap that is used up, unless it turns out afterwards to have cost
 * something.
 */
const IS_USD_FULL = `case when f.is_costed_later then f.used_usd >= f.cap_usd
        else f.worst_usd > 0 and f.used_usd + f.worst_usd > f.cap_usd end`;
const IS_TOKENS_FULL = 'f.used_tokens + f.worst_tokens > f.cap_tokens';

/** Whether a reservation fits under every cap; if not, under which it does not. */
const JUDGED = `judged as (
    select f.id, f.operation_id, bool_or(f.is_missing) as is_missing, coalesce(bool_or(${IS_USD_FULL}) or bool_or(${IS_TOKENS_FULL}), false) as is_full,
      coalesce(json_agg(json_build_object('scope', f.scope, 'scopeId', f.scope_id, 'cap', ${capName},
        'limit', ${micros('f.cap_usd')}, 'used', ${micros('f.used_usd')}, 'asked', ${micros('f.worst_usd')})) filter (where ${IS_USD_FULL}), '[]') as full_usd,
      coalesce(json_agg(json_build_object('scope', f.scope, 'scopeId', f.scope_id, 'cap', 'perDayTokens',
        'limit', f.cap_tokens, 'used', f.used_tokens, 'asked', f.worst_tokens)) filter (where ${IS_TOKENS_FULL}), '[]') as full_tokens
    from filled f group by f.id, f.operation_id
  )`;

/**
 * All or nothing: the counters and the entry of a reservation change together, in the order of nothing else.
 */
const GRANTED = `granted as (
    select a.* from asked a join judged j on j.id = a.id where not j.is_missing and not j.is_full
  ), granted_deltas as materialized (
    select w.scope, w.scope_id, w.period, w.period_key, sum(w.worst_usd) as reserved_usd, sum(w.worst_tokens) as reserved_tokens,
      max(w.cap_usd) as cap_usd, max(w.cap_tokens) as cap_tokens
    from wanted w join granted g on g.id = w.id where w.period <> 'run' group by 1, 2, 3, 4
  ), new_entries as (
    insert into everbeat.spend_entries (id, operation_id, step_index, task_id, agent_id, user_id, occurrence, model, lease_epoch, scopes, is_priced,
      worst_usd, worst_tokens, reserved_usd, state, created_at)
    select id, operation_id, step_index, task_id, agent_id, user_id, occurrence, model, lease_epoch, scopes, is_priced,
      worst_usd, worst_tokens, worst_usd, 'reserved', $2::timestamptz
    from granted
  )`;

const ADDED = [
  'reserved_usd',
  'spent_usd',
  'unforeseen_usd',
  'reserved_tokens',
  'input_tokens',
  'output_tokens',
  'unforeseen_tokens',
];

/** Counts what is settled, and what is reserved where that is a part of the statement. */
export function counted(deltas: readonly ('settled_deltas' | 'granted_deltas')[]): string {
  const isReserving = deltas.includes('granted_deltas');
  const sum = (column: string): string =>
    deltas
      .filter((from) => from === 'settled_deltas' || column.startsWith('reserved'))
      .map((from) => `coalesce(${from}.${column}, 0)`)
      .join(' + ');
  const caps = ['cap_usd', 'cap_tokens'].map(
    (cap) => `${cap} = case when granted_deltas.scope is null then k.${cap} else granted_deltas.${cap} end`,
  );
  const sets = [
    ...ADDED.map((column) => `${column} = k.${column} + ${sum(column)}`),
    ...(isReserving ? caps : []),
  ];
  return `counted as (
    update everbeat.budget_counters c set ${sets.join(', ')}
    from counters k ${deltas.map((from) => `left join ${from} on ${sameKey(from, 'k')}`).join(' ')}
    where ${sameKey('c', 'k')} and (${deltas.map((from) => `${from}.scope is not null`).join(' or ')})
  )`;
}

/** The parts of the statement, after `held`. */
export const MONEY = [
  SETTLED_BY_STEPS,
  SETTLED_DELTAS,
  ASKED,
  WANTED,
  lockedCounters(['settled_deltas', "wanted where period <> 'run'"]),
  FILLED,
  JUDGED,
  GRANTED,
  counted(['settled_deltas', 'granted_deltas']),
].join(', ');

/** Whether the step `s` of the operation `h` may be written: it is not one whose reservation was refused. */
export const IS_PAID_FOR = `not exists (
      select 1 from asked a where a.operation_id = h.id and a.step_index = s.index and not exists (select 1 from granted g where g.id = a.id))`;

/** What a write has found. `full`: the caps that leave no room for its reservation. */
export type StepsWritten =
  | { kind: 'written' }
  | { kind: 'refused'; full: FullCap[] }
  | { kind: 'no-counters' };

export interface JudgedRow {
  isMissing: boolean | null;
  fullUsd: FullCap[] | null;
  fullTokens: FullCap[] | null;
}

/** The end of the statement: a row for each operation `h`, with what has become of its reservation. */
export const JUDGEMENT = `j.is_missing as "isMissing", j.full_usd as "fullUsd", j.full_tokens as "fullTokens"
  from held h left join judged j on j.operation_id = h.id and (j.is_missing or j.is_full)`;

export function foundIn({ isMissing, fullUsd, fullTokens }: JudgedRow): StepsWritten {
  if (isMissing === null) return { kind: 'written' };
  if (isMissing) return { kind: 'no-counters' };
  return { kind: 'refused', full: [...(fullUsd ?? []), ...(fullTokens ?? [])] };
}
