import type { PlanReason, SchedulerState, TaskStatus } from '@everbeat/domain';
import { contextOf } from '../sql/arm';

/** The columns a person may edit; absent keys stay as they are. */
export type TaskFieldsWrite = Partial<{
  name: string;
  instruction: string;
  agent_id: string | null;
  parent_task_id: string | null;
  priority: number;
  automation_mode: string | null;
  heartbeat_interval: number | null;
  heartbeat_timeout: number;
  schedule_pattern: string | null;
  schedule_timezone: string | null;
  max_topics: number | null;
  config: object;
}>;

export interface TaskInput {
  to_status: TaskStatus;
  /** The new state. Null leaves it as it is, the message id included. */
  scheduler: SchedulerState | null;
  error: string | null;
  /** Recorded in the history when the status or the arm changes; null for a write that changes neither. */
  reason: PlanReason | null;
  fields: TaskFieldsWrite | null;
}

export const TASK_INPUT = {
  to_status: 'text',
  scheduler: 'jsonb',
  error: 'text',
  reason: 'text',
  fields: 'jsonb',
} as const satisfies Record<keyof TaskInput, string>;

/**
 * Every write makes a new revision, so that nothing else decided from the same state can follow it. Only the key
 * `scheduler` of the context is replaced; the other keys belong to others.
 */
export const UPDATED = `updated as (
    update tasks t set
      status = w.to_status, error = w.error, revision = t.revision + 1, updated_at = $2::timestamptz,
      completed_at = case when w.to_status = 'completed' then coalesce(t.completed_at, $2::timestamptz) end,
      context = case when w.scheduler is null then t.context else jsonb_set(${contextOf('t.context')}, '{scheduler}', w.scheduler) end,
      name = case when w.fields is null then t.name else (w.edited).name end,
      instruction = case when w.fields is null then t.instruction else (w.edited).instruction end,
      agent_id = case when w.fields is null then t.agent_id else (w.edited).agent_id end,
      parent_task_id = case when w.fields is null then t.parent_task_id else (w.edited).parent_task_id end,
      priority = case when w.fields is null then t.priority else (w.edited).priority end,
      automation_mode = case when w.fields is null then t.automation_mode else (w.edited).automation_mode end,
      heartbeat_interval = case when w.fields is null then t.heartbeat_interval else (w.edited).heartbeat_interval end,
      heartbeat_timeout = case when w.fields is null then t.heartbeat_timeout else (w.edited).heartbeat_timeout end,
      schedule_pattern = case when w.fields is null then t.schedule_pattern else (w.edited).schedule_pattern end,
      schedule_timezone = case when w.fields is null then t.schedule_timezone else (w.edited).schedule_timezone end,
      max_topics = case when w.fields is null then t.max_topics else (w.edited).max_topics end,
      config = case when w.fields is null then t.config else (w.edited).config end
    from written w where t.id = w.task_id
    returning t.id
  )`;
