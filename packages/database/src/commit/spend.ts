import { MEMORY_DOCUMENT } from '@everbeat/domain';
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
  /** The run has cost something, and what it reports is nothing for a person to read. */
  is_idle: boolean;
}

export const SPEND_INPUT = { spend: 'jsonb', is_idle: 'boolean' } as const satisfies Record<
  keyof SpendInput,
  string
>;

const COUNTED = [
  'spent_usd',
  'unforeseen_usd',
  'idle_usd',
  'input_tokens',
  'output_tokens',
  'unforeseen_tokens',
];
const KEY = 'scope, scope_id, period, period_key';

/** Runs without news: neither their reports nor the documents that their steps have written are any. */
const IDLE_RUNS = `idle_runs as (
    select w.operation_id from written w
    where w.is_idle and not exists (
      select 1 from everbeat.task_documents d
      where d.task_id = w.task_id and d.operation_id = w.operation_id and d.name <> '${MEMORY_DOCUMENT}')
  )`;

/**
 * The entry of a run, and its counters, made where they are missing. An operation whose calls were reserved
 * for has entries already, and is not counted twice. What runs without news have cost is counted by day,
 * whoever has counted their calls.
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
  ), ${IDLE_RUNS}, spend_deltas as (
    select x.scope, x.id as scope_id, p.period, p.period_key, r.user_id, r.micros * ${USD} as usd,
      case when p.period = 'day' and i.operation_id is not null then r.micros * ${USD} else 0 end as idle_usd,
      r.input_tokens, r.output_tokens
    from reported r left join idle_runs i on i.operation_id = r.operation_id
      cross join lateral jsonb_to_recordset(r.scopes) as ${SCOPES} cross join lateral ${PERIODS}
    union all
    select x.scope, x.id, 'day', x.day, e.user_id, 0, e.spent_usd, 0, 0
    from idle_runs i join everbeat.spend_entries e on e.operation_id = i.operation_id
      cross join lateral jsonb_to_recordset(e.scopes) as ${SCOPES}
    where e.state = 'spent' and e.spent_usd > 0
  ), spend_counters as (
    insert into everbeat.budget_counters as c (${KEY}, user_id, ${COUNTED.join(', ')})
    select ${KEY}, min(user_id), sum(usd), sum(usd), sum(idle_usd), sum(input_tokens), sum(output_tokens),
      sum(input_tokens + output_tokens)
    from spend_deltas group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (${KEY}) do update set
      ${COUNTED.map((column) => `${column} = c.${column} + excluded.${column}`).join(', ')}
  )`;
