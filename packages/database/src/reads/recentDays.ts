import { LIMITS, type RecentDaysView } from '@everbeat/domain';
import { firstUuidAt } from '../sql/firstUuidAt';
import { firstRow, type Queryable } from '../sql/queryable';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** How late runs began is told from a sample: so many rows of the ledger from every sixth hour on. */
const SAMPLED_TICKS = 25;
const SAMPLED_EVERY_MS = 6 * HOUR_MS;

/**
 * How the user's runs of the last days have ended: those that are kept, at most the newest `LIMITS.keptRunsCountedMax`,
 * and those that were counted when they were removed. Days are counted in UTC. Reads primary keys alone.
 */
export async function readRecentDays(db: Queryable, userId: string, now: Date): Promise<RecentDaysView> {
  const today = now.getTime() - (now.getTime() % DAY_MS);
  const since = new Date(today - (LIMITS.recentDays - 1) * DAY_MS);
  const samples = Array.from(
    { length: Math.ceil((now.getTime() - since.getTime()) / SAMPLED_EVERY_MS) },
    (_, index) => firstUuidAt(new Date(since.getTime() + index * SAMPLED_EVERY_MS)),
  );
  const row = await firstRow<Omit<RecentDaysView, 'since'>>(db, {
    name: 'everbeat_read_recent_days',
    text: `
      with kept as materialized (
        select o.status, o.failure_class, o.error_code, o.started_at from everbeat.operations o
        where o.id >= $2::uuid and o.user_id = $1 order by o.id desc limit ${LIMITS.keptRunsCountedMax}
      ), runs as (
        select status, coalesce(failure_class, '') as failure_class, coalesce(error_code, '') as error_code,
          to_char(started_at at time zone 'UTC', 'YYYY-MM-DD') as day, count(*)::int as n
        from kept group by 1, 2, 3, 4
        union all
        select d.status, d.failure_class, d.error_code, d.day, d.runs from everbeat.run_days d
        where d.user_id = $1 and d.day >= $3
      ), late as (
        select greatest(k.late_ms, 0) as ms from unnest($4::uuid[]) s(token) cross join lateral (
          select t.late_ms, t.user_id from everbeat.task_ticks t where t.token >= s.token
          order by t.token limit ${SAMPLED_TICKS}
        ) k where k.late_ms is not null and k.user_id = $1
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
    values: [userId, firstUuidAt(since), since.toISOString().slice(0, 10), samples],
  });
  if (row === null) throw new Error('An aggregate without a row');
  return { ...row, since };
}
