import type { AutomationRule } from '@everbeat/domain';
import { tasks } from '../schema';
import { selection } from '../sql/columns';
import { allRows, type Queryable } from '../sql/queryable';

const TASK = selection(tasks, [
  'id',
  'identifier',
  'name',
  'automationMode',
  'heartbeatInterval',
  'schedulePattern',
  'scheduleTimezone',
]);

/** A task that wakes by itself at a known time. */
export interface ArmedTaskRow extends AutomationRule {
  id: string;
  identifier: string;
  name: string;
  dueAt: Date;
  /** When it was armed. */
  armedAt: Date;
}

/** The tasks of a user that wake next, the first of them first. Reads tasks_user_status_idx. */
export async function readArmedTasks(db: Queryable, userId: string, limit: number): Promise<ArmedTaskRow[]> {
  return allRows<ArmedTaskRow>(db, {
    name: 'everbeat_read_armed_tasks',
    text: `
      select ${TASK.of('t')}, (t.context -> 'scheduler' ->> 'dueAt')::timestamptz as "dueAt",
        (t.context -> 'scheduler' ->> 'scheduledAt')::timestamptz as "armedAt"
      from everbeat.tasks t
      where t.user_id = $1 and t.status = 'scheduled' and t.deleted_at is null
        and t.context -> 'scheduler' ->> 'tickToken' is not null
      order by t.context -> 'scheduler' ->> 'dueAt', t.number limit $2`,
    values: [userId, limit],
  });
}
