import {
  type AutomationMode,
  parseSchedulerState,
  parseTaskConfig,
  type TaskState,
  type TaskStatus,
  type Trigger,
} from '@everbeat/domain';
import type { Queryable } from '../sql/queryable';

/** The columns of a task that decisions look at, as rows bring them. */
export interface TaskStateRow {
  id: string;
  user_id: string;
  identifier: string;
  revision: number;
  status: TaskStatus;
  automation_mode: AutomationMode | null;
  heartbeat_interval: number | null;
  heartbeat_timeout: number;
  schedule_pattern: string | null;
  schedule_timezone: string | null;
  parent_task_id: string | null;
  total_topics: number;
  max_topics: number | null;
  error: string | null;
  config: unknown;
  scheduler: unknown;
  human_waiting: boolean;
}

interface LoadedRow extends TaskStateRow {
  dependencies_met: boolean;
  operation_id: string | null;
  operation_topic_id: string;
  operation_trigger: Trigger;
  operation_tick_token: string | null;
  operation_claimed_from: TaskStatus;
}

export const TASK_STATE_COLUMNS = `t.id, t.user_id, t.identifier, t.revision, t.status, t.automation_mode,
  t.heartbeat_interval, t.heartbeat_timeout, t.schedule_pattern, t.schedule_timezone, t.parent_task_id,
  t.total_topics, t.max_topics, t.error, t.config, t.context -> 'scheduler' as scheduler`;

/** An open brief that a person must answer before the task goes on; error briefs never are (the fuse governs them). */
export const blockingBrief = (taskId: string): string =>
  `select 1 from briefs b where b.task_id = ${taskId}
     and b.resolved_at is null and b.priority = 'urgent' and b.type <> 'error'`;

export function toTaskState(
  row: TaskStateRow,
  rest: Pick<TaskState, 'operation' | 'dependenciesMet'>,
): TaskState {
  return {
    id: row.id,
    userId: row.user_id,
    identifier: row.identifier,
    revision: row.revision,
    status: row.status,
    automationMode: row.automation_mode,
    heartbeatInterval: row.heartbeat_interval,
    heartbeatTimeout: row.heartbeat_timeout,
    schedulePattern: row.schedule_pattern,
    scheduleTimezone: row.schedule_timezone,
    parentTaskId: row.parent_task_id,
    totalTopics: row.total_topics,
    maxTopics: row.max_topics,
    error: row.error,
    config: parseTaskConfig(row.config),
    scheduler: parseSchedulerState(row.scheduler),
    humanWaiting: row.human_waiting,
    ...rest,
  };
}

/** What is about to become true in the same commit as the decision, and counts as true already. */
export interface Assumptions {
  /** This brief is being resolved: it no longer waits for anybody. */
  resolvedBriefId?: string;
  /** These tasks are completing: nothing waits for them any more. */
  completedTaskIds?: readonly string[];
}

/** The states that decisions are made from, in one statement and so of one moment. Ids that name no task are left out. */
export async function loadTaskStates(
  db: Queryable,
  taskIds: readonly string[],
  assuming: Assumptions = {},
): Promise<Map<string, TaskState>> {
  const { rows } = await db.query<LoadedRow>({
    name: 'everbeat_load_task_states',
    text: `
      select ${TASK_STATE_COLUMNS},
        exists (${blockingBrief('t.id')} and b.id is distinct from $2::uuid) as human_waiting,
        not exists (
          select 1 from task_dependencies d join tasks p on p.id = d.depends_on_id
          where d.task_id = t.id and p.status <> 'completed' and p.id <> all($3::uuid[])
        ) as dependencies_met,
        o.id as operation_id, o.topic_id as operation_topic_id, o.trigger as operation_trigger,
        o.tick_token as operation_tick_token, o.claimed_from as operation_claimed_from
      from tasks t
      left join operations o on o.task_id = t.id and o.status = 'running'
      where t.id = any($1::uuid[])`,
    values: [taskIds, assuming.resolvedBriefId ?? null, assuming.completedTaskIds ?? []],
  });
  return new Map(rows.map((row) => [row.id, fromLoaded(row)]));
}

function fromLoaded(row: LoadedRow): TaskState {
  const operation =
    row.operation_id === null
      ? null
      : {
          id: row.operation_id,
          topicId: row.operation_topic_id,
          trigger: row.operation_trigger,
          tickToken: row.operation_tick_token,
          claimedFrom: row.operation_claimed_from,
        };
  return toTaskState(row, { operation, dependenciesMet: row.dependencies_met });
}

/** The tasks that wait for `taskId`: whether they may start is decided when it completes. */
export async function loadDependentIds(db: Queryable, taskIds: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ task_id: string }>({
    name: 'everbeat_load_dependents',
    text: 'select distinct task_id from task_dependencies where depends_on_id = any($1::uuid[]) order by task_id',
    values: [taskIds],
  });
  return rows.map((row) => row.task_id);
}
