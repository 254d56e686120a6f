import {
  type AgentSpend,
  type BudgetPeriod,
  type BudgetScope,
  type DaySpend,
  type LastCall,
  LIMITS,
  type ModelSpend,
  type PeriodSpend,
  parseTaskConfig,
  type RecentSpend,
  type TaskConfig,
  type TaskSpend,
  toInstant,
} from '@everbeat/domain';
import { tasks } from '../schema';
import { type SelectedBy, selection } from '../sql/columns';
import { allRows, firstRow, type Queryable } from '../sql/queryable';

/** Whose counters (PROTOCOL §10). */
export interface CounterOwner {
  userId: string;
  scope: BudgetScope;
  /** The id of the task, the agent or the user. */
  scopeId: string;
}

/** Days such as `2026-11-28`, both included. */
export interface DayRange {
  from: string;
  to: string;
}

const TOKENS = (row: string): string =>
  `${row}.input_tokens::float8 as "inputTokens", ${row}.output_tokens::float8 as "outputTokens"`;
const SUMS = `sum(spent_usd)::float8 as "spentUsd", sum(input_tokens)::float8 as "inputTokens",
        sum(output_tokens)::float8 as "outputTokens"`;

/** What was spent on each day on which anything was. Reads the primary key. */
export async function readDaySpend(
  db: Queryable,
  { userId, scope, scopeId }: CounterOwner,
  { from, to }: DayRange,
): Promise<DaySpend[]> {
  return allRows<DaySpend>(db, {
    name: 'everbeat_read_day_spend',
    text: `
      select c.period_key as day, c.spent_usd::float8 as "spentUsd", c.idle_usd::float8 as "idleUsd", ${TOKENS('c')}
      from everbeat.budget_counters c
      where c.scope = $2 and c.scope_id = $3 and c.period = 'day' and c.period_key between $4 and $5 and c.user_id = $1
        and (c.spent_usd > 0 or c.input_tokens > 0 or c.output_tokens > 0)
      order by c.period_key`,
    values: [userId, scope, scopeId, from, to],
  });
}

/**
 * The newest call of a task, or of everything of a user. Reads spend_entries_task_idx or
 * spend_entries_user_idx.
 */
export async function readLastCall(
  db: Queryable,
  { userId, scope, scopeId }: CounterOwner & { scope: 'task' | 'owner' },
): Promise<LastCall | null> {
  const [name, where, values] =
    scope === 'task'
      ? ['everbeat_read_last_call', 'task_id = $2::uuid and user_id = $1', [userId, scopeId]]
      : ['everbeat_read_last_call_of_all', 'user_id = $1', [userId]];
  return firstRow<LastCall>(db, {
    name,
    text: `
      select model, is_priced or spent_usd > 0 as "isPriced" from everbeat.spend_entries
      where ${where} and state = 'spent' order by created_at desc limit 1`,
    values,
  });
}

/**
 * The counters of the periods of these names. Those without any spend may be missing. Reads the primary key.
 */
export async function readPeriodSpend(
  db: Queryable,
  { userId, scope, scopeId }: CounterOwner,
  keys: Record<BudgetPeriod, string>,
): Promise<PeriodSpend[]> {
  return allRows<PeriodSpend>(db, {
    name: 'everbeat_read_period_spend',
    text: `
      select c.period, c.spent_usd::float8 as "spentUsd", c.reserved_usd::float8 as "reservedUsd",
        (c.input_tokens + c.output_tokens)::float8 as tokens, c.reserved_tokens::float8 as "reservedTokens"
      from everbeat.budget_counters c
      where c.scope = $2 and c.scope_id = $3 and c.user_id = $1
        and (c.period, c.period_key) in (('day', $4), ('month', $5), ('total', $6))`,
    values: [userId, scope, scopeId, keys.day, keys.month, keys.total],
  });
}

/** What a user's agents have spent on these days, the dearest first. Reads budget_counters_user_idx. */
export async function readAgentSpend(
  db: Queryable,
  userId: string,
  { from, to }: DayRange,
): Promise<AgentSpend[]> {
  return allRows<AgentSpend>(db, {
    name: 'everbeat_read_agent_spend',
    text: `
      select scope_id as "agentId", ${SUMS} from everbeat.budget_counters
      where user_id = $1 and scope = 'agent' and period = 'day' and period_key between $2 and $3
      group by scope_id order by sum(spent_usd) desc, scope_id limit ${LIMITS.spendRowsMax}`,
    values: [userId, from, to],
  });
}

export interface CallSpend {
  byTask: TaskSpend[];
  byModel: ModelSpend[];
  /** When the oldest of the calls was begun, if not all were read. */
  since: Date | null;
}

/**
 * Which tasks and models have cost most, among the newest `LIMITS.spendCallsMax` calls between two instants.
 * Reads spend_entries_user_idx.
 */
export async function readCallSpend(
  db: Queryable,
  userId: string,
  { from, to }: { from: Date; to: Date },
): Promise<CallSpend> {
  const row = await firstRow<CallSpend>(db, {
    name: 'everbeat_read_call_spend',
    text: `
      with calls as materialized (
        select task_id, model, is_priced, spent_usd, input_tokens, output_tokens, created_at from everbeat.spend_entries
        where user_id = $1 and created_at >= $2::timestamptz and created_at < $3::timestamptz and state = 'spent'
        order by created_at desc limit ${LIMITS.spendCallsMax}
      ), tasks as (
        select task_id, ${SUMS} from calls group by task_id
        order by sum(spent_usd) desc, sum(output_tokens) desc, task_id limit ${LIMITS.spendRowsMax}
      ), models as (
        select model, count(*)::int as calls, bool_and(is_priced) as "isPriced", ${SUMS} from calls group by model
        order by sum(spent_usd) desc, sum(output_tokens) desc, model limit ${LIMITS.spendRowsMax}
      )
      select (select coalesce(json_agg(json_build_object('taskId', s.task_id, 'identifier', t.identifier, 'name', t.name,
          'spentUsd', s."spentUsd", 'inputTokens', s."inputTokens", 'outputTokens', s."outputTokens")
          order by s."spentUsd" desc, s."outputTokens" desc, s.task_id), '[]')
          from tasks s left join everbeat.tasks t on t.id = s.task_id and t.user_id = $1 and t.deleted_at is null) as "byTask",
        (select coalesce(json_agg(m order by m."spentUsd" desc, m."outputTokens" desc, m.model), '[]') from models m) as "byModel",
        (select case when count(*) = ${LIMITS.spendCallsMax} then min(created_at) end from calls) as since`,
    values: [userId, toInstant(from), toInstant(to)],
  });
  return row ?? { byTask: [], byModel: [], since: null };
}

/** How many of the newest runs say how a task goes on. All of them are kept (`LIMITS.keptRunsMin`). */
const RECENT_RUNS = 20;

export interface TaskRecentSpend extends Omit<RecentSpend, 'sinceMs'> {
  taskId: string;
  /** When the oldest of these runs began. */
  since: Date;
}

/**
 * What the newest ended runs of these tasks of the user have cost; tasks without one are left out. Reads
 * operations_task_idx and spend_entries_operation_idx.
 */
export async function readRecentSpend(
  db: Queryable,
  userId: string,
  taskIds: readonly string[],
): Promise<TaskRecentSpend[]> {
  return allRows<TaskRecentSpend>(db, {
    name: 'everbeat_read_recent_spend',
    text: `
      select t.id as "taskId", count(*)::int as runs, sum(s.usd)::float8 as "costUsd", min(o.started_at) as since,
        (sum(extract(epoch from o.finished_at - o.started_at)) * 1000)::float8 as "runMs"
      from unnest($2::uuid[]) t(id)
        cross join lateral (
          select id, started_at, finished_at from everbeat.operations
          where task_id = t.id and user_id = $1 and finished_at is not null order by id desc limit ${RECENT_RUNS}
        ) o
        cross join lateral (
          select coalesce(sum(e.spent_usd), 0) as usd from everbeat.spend_entries e where e.operation_id = o.id
        ) s
      group by t.id`,
    values: [userId, taskIds],
  });
}

const FORECAST_TASK = selection(tasks, [
  ...([
    'id',
    'agentId',
    'status',
    'automationMode',
    'heartbeatInterval',
    'schedulePattern',
    'scheduleTimezone',
    'config',
  ] as const),
]);
/** What a forecast needs to know of a task. */
export interface ForecastTask extends Omit<SelectedBy<typeof FORECAST_TASK>, 'config'> {
  storedConfig: TaskConfig;
}

/** The user's tasks that have spent most in these months. Reads budget_counters_user_idx. */
export async function readSpendingTasks(
  db: Queryable,
  userId: string,
  months: readonly string[],
): Promise<ForecastTask[]> {
  const rows = await allRows<SelectedBy<typeof FORECAST_TASK>>(db, {
    name: 'everbeat_read_spending_tasks',
    text: `
      select ${FORECAST_TASK.of('t')} from (
        select scope_id from everbeat.budget_counters
        where user_id = $1 and scope = 'task' and period = 'month' and period_key = any($2::text[]) and spent_usd > 0
        group by scope_id order by sum(spent_usd) desc, scope_id limit ${LIMITS.forecastTasksMax}
      ) c join everbeat.tasks t on t.id = c.scope_id::uuid
      where t.user_id = $1 and t.deleted_at is null`,
    values: [userId, months],
  });
  return rows.map(({ config, ...task }) => ({ ...task, storedConfig: parseTaskConfig(config) }));
}
