import type { SpendScope } from '../schema';
import { PERIODS, SCOPES, USD } from '../steps/money';

/** What an agent says that a run has cost, which was not reserved for (PROTOCOL §10). */
export interface ReportedSpend {
  id: string;
  agent_id: string | null;
  occurrence: string;
  /** It says how much; otherwise it names tokens alone. */
  is_priced: boolean;
  micros: number;
  input_tokens: number;
  output_tokens: number;
  scopes: SpendScope[];
}

export interface SpendInput {
  spend: ReportedSpend | null;
}

export const SPEND_INPUT = { spend: 'jsonb' } as const satisfies Record<keyof SpendInput, string>;

const COUNTED = ['spent_usd', 'unforeseen_usd', 'input_tokens', 'output_tokens', 'unforeseen_tokens'];

/**
 * The entry of a run, and its counters, made where they are missing. An operation whose calls were reserved for has
 * entries already, and is not counted twice.
 */
export const SPEND = `reported as (
    select w.user_id, w.task_id, w.operation_id, s.*
    from written w cross join lateral jsonb_to_record(w.spend) as s(id uuid, agent_id uuid, occurrence uuid, is_priced boolean,
      micros bigint, input_tokens bigint, output_tokens bigint, scopes jsonb)
    where w.operation_id is not null and s.id is not null
      and not exists (select 1 from everbeat.spend_entries e where e.operation_id = w.operation_id)
  ), new_spend as (
    insert into everbeat.spend_entries (id, operation_id, task_id, agent_id, user_id, occurrence, scopes, is_priced, spent_usd,
      input_tokens, output_tokens, state, created_at, settled_at)
    select id, operation_id, task_id, agent_id, user_id, occurrence, scopes, is_priced, micros * ${USD},
      input_tokens, output_tokens, 'spent', $2::timestamptz, $2::timestamptz
    from reported
  ), spend_counters as (
    insert into everbeat.budget_counters as c (scope, scope_id, period, period_key, user_id, ${COUNTED.join(', ')})
    select x.scope, x.id, p.period, p.period_key, min(r.user_id), sum(r.micros * ${USD}), sum(r.micros * ${USD}),
      sum(r.input_tokens), sum(r.output_tokens), sum(r.input_tokens + r.output_tokens)
    from reported r cross join lateral jsonb_to_recordset(r.scopes) as ${SCOPES} cross join lateral ${PERIODS}
    group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (scope, scope_id, period, period_key) do update set
      ${COUNTED.map((column) => `${column} = c.${column} + excluded.${column}`).join(', ')}
  )`;
