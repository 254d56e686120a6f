import {
  type AgentKind,
  OPEN_STATUSES,
  type OperationStatus,
  parseSchedulerState,
  parseTaskConfig,
  TASK_STATE_FIELDS,
  type TaskState,
} from '@everbeat/domain';
import { operations, tasks } from '../schema';
import { ARM, agentOfRun } from '../sql/arm';
import { rawColumnsOf, type SelectedBy, selection } from '../sql/columns';
import { blocks, hasUnread, isOpen } from '../sql/inbox';
import type { Queryable } from '../sql/queryable';
import { quoted } from '../sql/quoted';

const FIELDS = [...TASK_STATE_FIELDS, 'config'] as const;
const STATE = selection(tasks, FIELDS);

/** A task as decisions look at it, before its configuration and its scheduler's state are parsed. */
export type TaskStateRow = SelectedBy<typeof STATE> & {
  scheduler: unknown;
  humanWaiting: boolean;
  hasUnread: boolean;
  agentKind: AgentKind | null;
};

/** The columns of a `TaskStateRow` of a task `t`, but `humanWaiting`, `hasUnread` and `agentKind`. */
export const TASK_STATE_COLUMNS = `${STATE.of('t')}, t.context -> 'scheduler' as scheduler`;

/** The same for two steps: under their own names in a `returning` of a task `t` … */
export const TASK_STATE_RAW_COLUMNS = `${rawColumnsOf(tasks, 't', FIELDS)}, t.context -> 'scheduler' as scheduler`;
/** … and selected from there, from a row named `row`. */
export const taskStateColumnsFrom = (row: string): string => `${STATE.of(row)}, ${row}.scheduler`;

const RUN = selection(operations, [
  'topicId',
  'trigger',
  'tickToken',
  'occurrence',
  'attempt',
  'claimedFrom',
  'continuesTopic',
  'leaseEpoch',
  'losses',
]);

/** An open operation beside the row of its task. */
export type RunningRow = SelectedBy<typeof RUN> & { operationId: string; operationStatus: OperationStatus };

export const RUNNING_COLUMNS = `o.id as "operationId", o.status as "operationStatus", ${RUN.of('o')}`;

/** In SQL: whether the operation `o` has not ended. */
export const IS_OPEN = `o.status in (${quoted(OPEN_STATUSES)})`;

/** In SQL: the occurrence of the operation `o`. A row of an older version has none of its own. */
export const OCCURRENCE = 'coalesce(o.occurrence, o.tick_token, o.id)';

export const toOperation = (row: RunningRow): NonNullable<TaskState['operation']> => ({
  id: row.operationId,
  topicId: row.topicId,
  trigger: row.trigger,
  tickToken: row.tickToken,
  occurrence: row.occurrence ?? row.tickToken ?? row.operationId,
  attempt: row.attempt,
  claimedFrom: row.claimedFrom,
  continuesTopic: row.continuesTopic,
  isWaiting: row.operationStatus === 'waiting',
  leaseEpoch: row.leaseEpoch,
  losses: row.losses,
});

/**
 * An open brief that a person must answer before the task goes on.
 */
export const blockingBrief = (taskId: string): string =>
  `select 1 from everbeat.briefs b where b.task_id = ${taskId}
     and ${isOpen('b')} and ${blocks('b')}`;

/**
 * Field by field: each beat makes one, and an object that is copied from so many columns takes several times
 * the memory of one that is written out.
 */
export const toTaskState = (
  row: TaskStateRow,
  { operation, waitsFor }: Pick<TaskState, 'operation' | 'waitsFor'>,
): TaskState => ({
  id: row.id,
  userId: row.userId,
  identifier: row.identifier,
  revision: row.revision,
  status: row.status,
  priority: row.priority,
  automationMode: row.automationMode,
  heartbeatInterval: row.heartbeatInterval,
  heartbeatTimeout: row.heartbeatTimeout,
  schedulePattern: row.schedulePattern,
  scheduleTimezone: row.scheduleTimezone,
  parentTaskId: row.parentTaskId,
  agentId: row.agentId,
  agentKind: row.agentKind,
  totalTopics: row.totalTopics,
  maxTopics: row.maxTopics,
  error: row.error,
  seenAt: row.seenAt,
  humanWaiting: row.humanWaiting,
  hasUnread: row.hasUnread,
  config: parseTaskConfig(row.config),
  scheduler: parseSchedulerState(row.scheduler),
  operation,
  waitsFor,
});

/** Changes that the same commit will make, and that the decision takes as made. */
export interface Assumptions {
  /** This brief is being resolved, so it no longer blocks. */
  resolvedBriefId?: string;
}

/** Without an open operation, the columns of a `RunningRow` are null. */
type LoadedRow = TaskStateRow &
  Omit<RunningRow, 'operationId'> & { operationId: string | null; waitsFor: TaskState['waitsFor'] };

/**
 * The states that decisions are made from, all of one snapshot. Ids that name no task, or a deleted one, are
 * missing from the result.
 */
export async function loadTaskStates(
  db: Queryable,
  taskIds: readonly string[],
  assuming: Assumptions = {},
): Promise<Map<string, TaskState>> {
  const { rows } = await db.query<LoadedRow>({
    name: 'everbeat_load_task_states',
    text: `
      select ${TASK_STATE_COLUMNS},
        exists (${blockingBrief('t.id')} and b.id is distinct from $2::uuid
          and b.purpose is distinct from 'dependency') as "humanWaiting", ${hasUnread('t')} as "hasUnread",
        (select coalesce(json_agg(json_build_object('id', p.id, 'identifier', p.identifier, 'ended', case
            when p.deleted_at is not null then 'deleted'
            when p.status in ('canceled', 'failed') then p.status end) order by p.number), '[]')
          from everbeat.task_dependencies d join everbeat.tasks p on p.id = d.depends_on_id
          where d.task_id = t.id and p.status <> 'completed') as "waitsFor",
        a.kind as "agentKind", ${RUNNING_COLUMNS}
      from everbeat.tasks t
      left join everbeat.operations o on o.task_id = t.id and ${IS_OPEN}
      left join everbeat.agents a on a.user_id = t.user_id
        and a.id = ${agentOfRun(`coalesce(o.trigger, ${ARM} ->> 'trigger')`)}
      where t.id = any($1::uuid[]) and t.deleted_at is null`,
    values: [taskIds, assuming.resolvedBriefId ?? null],
  });
  return new Map(rows.map((row) => [row.id, fromLoaded(row)]));
}

function fromLoaded(row: LoadedRow): TaskState {
  const { operationId, waitsFor } = row;
  const operation = operationId === null ? null : toOperation({ ...row, operationId });
  return toTaskState(row, { operation, waitsFor });
}

/** The ids of the tasks that wait for any of these. */
export async function loadDependentIds(db: Queryable, taskIds: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ task_id: string }>({
    name: 'everbeat_load_dependents',
    text: 'select distinct task_id from everbeat.task_dependencies where depends_on_id = any($1::uuid[]) order by task_id',
    values: [taskIds],
  });
  return rows.map((row) => row.task_id);
}
