import { DAY_MS, LIMITS, type RecentDaysView } from '@everbeat/domain';
import { firstUuidAt } from '../sql/firstUuidAt';
import { firstRow, type Queryable } from '../sql/queryable';
import { RUNS_OF_USER } from '../sql/runsOfUser';

/** How late runs began is told from at most so many of them, evenly spread: each is a row of the ledger. */
const SAMPLED_RUNS = 1_000;

/**
 * How the user's runs of the last days have ended: those that are kept, at most the newest
 * `LIMITS.keptRunsCountedMax`, and those that were counted when they were removed. Days are counted in UTC.
 */
export async function readRecentDays(db: Queryable, userId: string, now: Date): Promise<RecentDaysView> {
  const today = now.getTime() - (now.getTime() % DAY_MS);
  const since = new Date(today - (LIMITS.recentDays - 1) * DAY_MS);
  const row = await firstRow<Omit<RecentDaysView, 'since'>>(db, {
    text: `
      with kept as materialized (
        select o.status, o.failure_class, o.error_code, o.tick_token, o.started_at
        from ${RUNS_OF_USER} and o.id >= $2::uuid order by o.id desc limit ${LIMITS.keptRunsCountedMax}
      ), runs as (
        select status, coalesce(failure_class, '') as failure_class, coalesce(error_code, '') as error_code,
          to_char(started_at at time zone 'UTC', 'YYYY-MM-DD') as day, count(*)::int as n
        from kept group by 1, 2, 3, 4
        union all
        select d.status, d.failure_class, d.error_code, d.day, d.runs from everbeat.run_days d
        where d.user_id = $1 and d.day >= $3
      ), late as (
        select greatest(k.late_ms, 0) as ms from (
          select tick_token, row_number() over () as place, count(*) over () as kept from kept where tick_token is not null
        ) r join everbeat.task_ticks k on k.token = r.tick_token
        where r.place % greatest(1, (r.kept + ${SAMPLED_RUNS - 1}) / ${SAMPLED_RUNS}) = 0 and k.late_ms is not null
      )
      select (select coalesce(sum(n), 0)::int from runs) as total,
        (select coalesce(json_object_agg(status, n), '{}') from (
          select status, sum(n)::int as n from runs group by status) s) as outcomes,
        (select coalesce(json_agg(json_build_object('failureClass', nullif(failure_class, ''), 'code', error_code, 'count', n)
            order by n desc, error_code), '[]') from (
          select failure_class, error_code, sum(n)::int as n from runs where error_code <> ''
          group by failure_class, error_code order by n desc, error_code limit 10) e) as failures,
        (select coalesce(json_agg(json_build_object('day', day, 'done', done, 'failed', failed, 'other', other) order by day), '[]') from (
          select day, (coalesce(sum(n) filter (where status = 'done'), 0))::int as done,
            (coalesce(sum(n) filter (where status in ('error', 'timeout')), 0))::int as failed,
            (coalesce(sum(n) filter (where status not in ('done', 'error', 'timeout')), 0))::int as other
          from runs group by day) d) as "byDay",
        (select percentile_disc(0.5) within group (order by ms)::float8 from late) as "lateP50Ms",
        (select percentile_disc(0.95) within group (order by ms)::float8 from late) as "lateP95Ms"`,
    values: [userId, firstUuidAt(since), since.toISOString().slice(0, 10)],
  });
  if (row === null) throw new Error('An aggregate without a row');
  return { ...row, since };
}
