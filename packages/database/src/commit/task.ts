import type { PlanReason, SchedulerState, TaskStatus } from '@everbeat/domain';
import { contextOf } from '../sql/arm';
import { EDITED_COLUMNS } from '../sql/edited';
import { statusColumns } from '../sql/statusColumns';

export interface TaskInput {
  to_status: TaskStatus;
  /** The new state. Null leaves it as it is, the message id included. */
  scheduler: SchedulerState | null;
  error: string | null;
  /** Recorded in the history when the status or the arm changes; null for a write that changes neither. */
  reason: PlanReason | null;
  /** An edit, by the names of its columns (`editedColumns`); absent columns stay as they are. */
  fields: Record<string, unknown> | null;
  /** The task no longer depends on these. */
  dropped: string[];
}

export const TASK_INPUT = {
  to_status: 'text',
  scheduler: 'jsonb',
  error: 'text',
  reason: 'text',
  fields: 'jsonb',
  dropped: 'uuid[]',
} as const satisfies Record<keyof TaskInput, string>;

const writtenValue = (column: string): string =>
  `case when w.fields is null then t.${column} else (w.edited).${column} end`;
const EDITED = EDITED_COLUMNS.map((column) => `${column} = ${writtenValue(column)}`);

/**
 * Every write makes a new revision, so that nothing else decided from the same state can follow it. Only the
 * key `scheduler` of the context is replaced; the other keys belong to others.
 */
export const UPDATED = `updated as (
    update everbeat.tasks t set
      status = w.to_status, error = w.error, revision = t.revision + 1, updated_at = $2::timestamptz,
      ${statusColumns('w.to_status', writtenValue)},
      total_topics = t.total_topics - (select count(*)::int from undone_topics u where u.task_id = t.id),
      context = case when w.scheduler is null then t.context else jsonb_set(${contextOf('t.context')}, '{scheduler}', w.scheduler) end,
      ${EDITED.join(',\n      ')},
      instruction_author = case when w.fields is null or (w.edited).instruction = t.instruction then t.instruction_author else 'user' end,
      deleted_at = ${writtenValue('deleted_at')},
      thin_at_topics = case when w.fields -> 'config' is null then t.thin_at_topics else 0 end
    from written w where t.id = w.task_id
    returning t.id
  )`;

/** The dependencies that the person has dropped. */
export const DROPPED_DEPENDENCIES = `dropped_dependencies as (
    delete from everbeat.task_dependencies d using written w
    where d.task_id = w.task_id and d.depends_on_id = any(w.dropped)
    returning d.task_id, d.depends_on_id, d.user_id
  )`;
