import { LIMITS, type RecentRunsView } from '@everbeat/domain';
import { firstUuidAt } from '../sql/firstUuidAt';
import { firstRow, type Queryable } from '../sql/queryable';
import { RUNS_OF_USER } from '../sql/runsOfUser';

/**
 * Lateness is that of so many newest runs, and skips those of so many newest wake-ups: each is a row of the
 * ledger.
 */
const LEDGER_ROWS_MAX = 1_000;

/**
 * How the user's runs since then have ended, at most the newest `LIMITS.countedTasksMax` of them, and how
 * late the newest began.
 */
export async function readRecentRuns(db: Queryable, userId: string, since: Date): Promise<RecentRunsView> {
  const row = await firstRow<Omit<RecentRunsView, 'since'> & { first: Date | null }>(db, {
    text: `
      with runs as materialized (
        select o.status, o.failure_class, o.error_code, o.tick_token, o.started_at
        from ${RUNS_OF_USER} and o.id >= $2::uuid order by o.id desc limit ${LIMITS.countedTasksMax}
      ), late as (
        select greatest(k.late_ms, 0) as ms from (select tick_token from runs limit ${LEDGER_ROWS_MAX}) r
        cross join lateral (select t.late_ms from everbeat.task_ticks t where t.token = r.tick_token limit 1) k
        where k.late_ms is not null
      ), skips as (
        select k.reason from (
          select t.outcome, t.reason from everbeat.tasks u join everbeat.task_ticks t on t.task_id = u.id
          where u.user_id = $1 and t.token >= $2::uuid and t.armed_at >= $3::timestamptz
          order by t.token desc limit ${LEDGER_ROWS_MAX}
        ) k where k.outcome = 'skipped' and k.reason is not null
      )
      select (select count(*)::int from runs) as total,
        (select min(started_at) from runs) as first,
        (select coalesce(json_object_agg(status, n), '{}') from (
          select status, count(*)::int as n from runs group by status) s) as outcomes,
        (select coalesce(json_agg(json_build_object('failureClass', failure_class, 'code', error_code, 'count', n)
            order by n desc, error_code), '[]') from (
          select failure_class, error_code, count(*)::int as n from runs where error_code is not null
          group by failure_class, error_code order by n desc, error_code limit 10) e) as failures,
        (select percentile_disc(0.5) within group (order by ms)::float8 from late) as "lateP50Ms",
        (select percentile_disc(0.95) within group (order by ms)::float8 from late) as "lateP95Ms",
        (select coalesce(json_object_agg(reason, n), '{}') from (
          select reason, count(*)::int as n from skips group by reason) k) as skips`,
    values: [userId, firstUuidAt(since), since.toISOString()],
  });
  if (row === null) throw new Error('An aggregate without a row');
  const { first, ...runs } = row;
  return { ...runs, since: runs.total >= LIMITS.countedTasksMax ? (first ?? since) : since };
}
