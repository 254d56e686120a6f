import type { TaskFieldsWrite } from '@everbeat/database';
import type { TaskState, TaskUpdateInput } from '@everbeat/domain';

/** An edit with its references resolved to ids and its rule checked. Absent keys stay as they are. */
export type EditedFields = Omit<TaskUpdateInput, 'id'>;

const COLUMNS = {
  name: 'name',
  instruction: 'instruction',
  agentId: 'agent_id',
  parentTaskId: 'parent_task_id',
  priority: 'priority',
  automationMode: 'automation_mode',
  heartbeatInterval: 'heartbeat_interval',
  heartbeatTimeout: 'heartbeat_timeout',
  schedulePattern: 'schedule_pattern',
  scheduleTimezone: 'schedule_timezone',
  maxTopics: 'max_topics',
  config: 'config',
} as const satisfies Record<keyof EditedFields, keyof TaskFieldsWrite>;

/** The edit by the columns' names, without what is absent. */
export function toFieldsWrite(fields: EditedFields): TaskFieldsWrite {
  const values = new Map<string, unknown>(Object.entries(fields));
  const entries = Object.entries(COLUMNS).map(([key, column]) => [column, values.get(key)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** The state as it will be once the edit is saved. */
export function editedState(state: TaskState, fields: EditedFields): TaskState {
  const kept = <Value>(value: Value | undefined, current: Value): Value =>
    value === undefined ? current : value;
  return {
    ...state,
    automationMode: kept(fields.automationMode, state.automationMode),
    heartbeatInterval: kept(fields.heartbeatInterval, state.heartbeatInterval),
    schedulePattern: kept(fields.schedulePattern, state.schedulePattern),
    scheduleTimezone: kept(fields.scheduleTimezone, state.scheduleTimezone),
    parentTaskId: kept(fields.parentTaskId, state.parentTaskId),
    maxTopics: kept(fields.maxTopics, state.maxTopics),
    config: kept(fields.config, state.config),
  };
}
