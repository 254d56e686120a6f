import { LIMITS } from '@everbeat/domain';

/**
 * What must never be found in the database after a run, besides violations of the invariants. Each statement
 * returns one row, with a `text`, for each case.
 */
export const DATABASE_FINDINGS: readonly { what: string; sql: string }[] = [
  {
    // A strike is a failure of the agent, or one of many lost runs in a row that no stop of a server
    // explains.
    what: 'failures counted more than once, or that are no fault of the agent',
    sql: `
      select concat_ws(' ', t.identifier, t.context -> 'scheduler') as text
      from everbeat.tasks t cross join lateral (
        select count(*) filter (where o.failure_class = 'agent') as strikes,
          count(*) filter (where o.failure_class = 'lost' and o.error_code = 'lease_lost') as lost
        from everbeat.operations o
        where o.task_id = t.id and o.tick_token is not null and o.status in ('error', 'timeout')
          and o.finished_at >= coalesce((
            select max(g.finished_at) from everbeat.operations g
            where g.task_id = t.id and g.tick_token is not null and g.status = 'done'), '-infinity')) o
      where coalesce((t.context -> 'scheduler' ->> 'consecutiveFailures')::int, 0)
        > o.strikes + greatest(0, o.lost - ${LIMITS.lostRunsMax - 1})`,
  },
  {
    what: 'fuses blown by the stop of a server',
    sql: `
      select concat_ws(' ', o.id, o.error_code) as text
      from everbeat.task_activities a join everbeat.operations o on o.id = a.ref_id
      where a.kind = 'status' and a.reason = 'fuse' and o.error_code = 'server_stopped'`,
  },
  {
    // The arm of the further attempt is written in the commit that ends the lost run. Nobody is called while
    // a question is open.
    what: 'lost runs that were not armed anew',
    sql: `
      select concat_ws(' ', o.id, o.error_code, a.to_status, a.reason) as text
      from everbeat.operations o
        join everbeat.task_activities a on a.task_id = o.task_id and a.kind = 'status' and a.ref_id = o.id
          and a.from_status = 'running'
      where o.failure_class = 'lost' and o.error_code <> 'start_failed' and o.tick_token is not null
        and a.reason <> 'fuse'
        and not exists (
          select 1 from everbeat.task_ticks k where k.task_id = o.task_id and k.armed_at = o.finished_at)
        and not exists (
          select 1 from everbeat.briefs b
          where b.task_id = o.task_id and b.priority = 'urgent' and b.type <> 'error'
            and b.created_at <= o.finished_at and coalesce(b.resolved_at, 'infinity') >= o.finished_at)`,
  },
  {
    what: 'lost runs that went on as another occurrence',
    sql: `
      select concat_ws(' ', o.id, o.occurrence, o.attempt, 'then', n.id, n.occurrence, n.attempt) as text
      from everbeat.operations o
        join everbeat.task_ticks k on k.task_id = o.task_id and k.armed_at = o.finished_at
        join everbeat.operations n on n.tick_token = k.token
      where o.failure_class = 'lost' and o.error_code <> 'start_failed' and o.tick_token is not null
        and (n.occurrence, n.attempt) is distinct from (o.occurrence, o.attempt + 1)`,
  },
  {
    // Caps are only ever raised here, so what was allowed at any time is allowed by the caps of the end.
    what: 'caps that were exceeded by what was reserved for',
    sql: `
      with caps as (
        select 'task' as scope, id::text as scope_id, config -> 'budget' as budget from everbeat.tasks
        union all select 'agent', id::text, config -> 'budget' from everbeat.agents
        union all select 'owner', id, budget from everbeat.users
      )
      select concat_ws(' ', c.scope, c.scope_id, c.period, c.spent_usd, c.reserved_usd, c.unforeseen_usd, k.budget) as text
      from everbeat.budget_counters c join caps k using (scope, scope_id)
      where c.spent_usd + c.reserved_usd - c.unforeseen_usd > (k.budget ->> case c.period
          when 'day' then 'perDayUsd' when 'month' then 'perMonthUsd' else 'totalUsd' end)::numeric
        or c.period = 'day' and c.reserved_tokens + c.input_tokens + c.output_tokens - c.unforeseen_tokens
          > (k.budget ->> 'perDayTokens')::numeric`,
  },
  {
    what: 'runs that exceeded their cap by what was reserved for',
    sql: `
      select concat_ws(' ', t.identifier, e.occurrence, sum(e.spent_usd), t.config -> 'budget') as text
      from everbeat.spend_entries e join everbeat.tasks t on t.id = e.task_id
      where e.step_index is not null
      group by t.id, e.occurrence
      having sum(least(e.spent_usd, e.worst_usd) + e.reserved_usd) > (t.config -> 'budget' ->> 'perRunUsd')::numeric`,
  },
  {
    what: 'reservations that were never settled',
    sql: `
      select concat_ws(' ', e.id, e.operation_id, e.step_index, e.created_at, o.status) as text
      from everbeat.spend_entries e left join everbeat.operations o on o.id = e.operation_id
      where e.state = 'reserved'`,
  },
];
