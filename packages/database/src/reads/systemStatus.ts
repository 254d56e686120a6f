import { LIMITS, type SystemStatusView, toInstant } from '@everbeat/domain';
import { z } from 'zod';
import { firstRow, type Queryable } from '../sql/queryable';

/** `overdue`: armed, and due longer ago than the tolerance for ticks. */
export type TaskCounts = Pick<SystemStatusView, 'armed' | 'overdue' | 'running'>;

const ARMED = `t.user_id = $1 and t.status = 'scheduled' and (t.context -> 'scheduler' ->> 'tickToken') is not null`;

const countedUpToMax = (rows: string): string =>
  `(select count(*)::int from (select 1 from ${rows} limit ${LIMITS.countedTasksMax}) c)`;

/**
 * Each count stops at `LIMITS.countedTasksMax`, because every open page polls them. They are read from
 * tasks_user_status_idx, tasks_armed_idx (overdue arms are at its beginning) and the index of running
 * operations.
 */
export async function countTasks(db: Queryable, userId: string, now: Date): Promise<TaskCounts> {
  const { rows } = await db.query<TaskCounts>({
    name: 'everbeat_count_tasks',
    text: `
      select ${countedUpToMax(`everbeat.tasks t where ${ARMED} order by t.number desc`)} as armed,
        ${countedUpToMax(`everbeat.tasks t where ${ARMED} and t.context -> 'scheduler' ->> 'dueAt' < $2 order by t.context -> 'scheduler' ->> 'dueAt'`)} as overdue,
        ${countedUpToMax(`everbeat.operations o where o.status = 'running' and o.user_id = $1 order by o.task_id`)} as running`,
    values: [userId, toInstant(new Date(now.getTime() - LIMITS.earlyToleranceMs))],
  });
  return rows[0] ?? { armed: 0, overdue: 0, running: 0 };
}

/** A count that is missing or not a number is read as 0. */
const countSchema = z.number().catch(0);
const watchdogRunSchema = z.object({
  stuck: countSchema,
  unpublished: countSchema,
  lost: countSchema,
  orphans: countSchema,
  impossible: countSchema,
  leftovers: countSchema,
});

/** Null before the first pass, and when the record cannot be read. */
export async function readLastWatchdogRun(db: Queryable): Promise<SystemStatusView['lastWatchdogRun']> {
  const row = await firstRow<{ value: unknown; updated_at: Date }>(db, {
    name: 'everbeat_read_last_watchdog_run',
    text: `select value, updated_at from everbeat.system_state where key = 'watchdog'`,
  });
  const counts = watchdogRunSchema.safeParse(row?.value);
  return row !== null && counts.success ? { at: row.updated_at, ...counts.data } : null;
}
