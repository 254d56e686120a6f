import { DAY_MS, LIMITS } from '@everbeat/domain';
import type { Queryable } from '../sql/queryable';

/**
 * Runs that are removed are counted for the day on which they began, so that the last days can be told of
 * when they are gone.
 */

/** What of a removed run is counted. */
export const COUNTED_COLUMNS = ['user_id', 'started_at', 'status', 'failure_class', 'error_code'] as const;

/**
 * The statement that counts the rows of `runs`, which have `COUNTED_COLUMNS`. In the order of their keys, so
 * that two that count at the same time do not wait for each other.
 */
export const countRuns = (runs: string): string => `
  insert into everbeat.run_days (user_id, day, status, failure_class, error_code, runs)
  select user_id, to_char(started_at at time zone 'UTC', 'YYYY-MM-DD'), status, coalesce(failure_class, ''),
    left(coalesce(error_code, ''), ${LIMITS.errorCodeCharsMax}), count(*)::int
  from ${runs}
  group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5
  on conflict (user_id, day, status, failure_class, error_code) do update set runs = run_days.runs + excluded.runs`;

/** Removes up to `limit` counts of days that nobody is told of any more. Reads run_days_day_idx. */
export async function removeOldRunDays(db: Queryable, now: Date, limit: number): Promise<number> {
  const last = new Date(now.getTime() - 2 * LIMITS.recentDays * DAY_MS).toISOString().slice(0, 10);
  const { rowCount } = await db.query({
    name: 'everbeat_remove_old_run_days',
    text: `
      delete from everbeat.run_days where ctid = any(array(
        select d.ctid from everbeat.run_days d
        where d.day < $1 and d.day < to_char(now() - make_interval(days => ${2 * LIMITS.recentDays}), 'YYYY-MM-DD')
        order by d.day limit $2 for update of d skip locked))`,
    values: [last, limit],
  });
  return rowCount ?? 0;
}
