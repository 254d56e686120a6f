import {
  type ActivityView,
  type AgentKind,
  type AgentView,
  type Author,
  type AutomationMode,
  type BriefAction,
  type BriefPriority,
  type BriefType,
  type BriefView,
  type CommentView,
  type MessageRole,
  type MessageView,
  type OperationStatus,
  type OperationView,
  parseSchedulerState,
  parseTaskConfig,
  type TaskRefView,
  type TaskStatus,
  type TaskView,
  type TickOutcome,
  type TickView,
  type TopicView,
  type Trigger,
} from '@everbeat/domain';

/**
 * Rows as the doors' views: the columns each view needs and its one mapper. A row comes from the driver or out of a
 * JSON aggregate, so an instant may be a Date or its text, and a bigint a string or a number.
 */
type Instant = Date | string;

const instant = (value: Instant): Date => new Date(value);
const instantOrNull = (value: Instant | null): Date | null => (value === null ? null : new Date(value));

export interface TaskRow {
  id: string;
  identifier: string;
  name: string;
  instruction: string;
  status: TaskStatus;
  automation_mode: AutomationMode | null;
  heartbeat_interval: number | null;
  heartbeat_timeout: number;
  schedule_pattern: string | null;
  schedule_timezone: string | null;
  parent_task_id: string | null;
  agent_id: string | null;
  priority: number;
  error: string | null;
  total_topics: number;
  max_topics: number | null;
  config: unknown;
  context: Record<string, unknown> | null;
  created_at: Instant;
  updated_at: Instant;
  completed_at: Instant | null;
}

export const TASK_COLUMNS = `t.id, t.identifier, t.name, t.instruction, t.status, t.automation_mode, t.heartbeat_interval,
  t.heartbeat_timeout, t.schedule_pattern, t.schedule_timezone, t.parent_task_id, t.agent_id, t.priority, t.error,
  t.total_topics, t.max_topics, t.config, t.context, t.created_at, t.updated_at, t.completed_at`;

export function toTaskView(row: TaskRow): TaskView {
  // A hand edit may leave no object there; one bad row must not fail a list.
  const context = typeof row.context === 'object' && row.context !== null ? row.context : {};
  const scheduler = parseSchedulerState(context.scheduler);
  const isArmed = row.status === 'scheduled' && scheduler.tickToken !== null;
  return {
    id: row.id,
    identifier: row.identifier,
    name: row.name,
    instruction: row.instruction,
    status: row.status,
    automationMode: row.automation_mode,
    heartbeatInterval: row.heartbeat_interval,
    heartbeatTimeout: row.heartbeat_timeout,
    schedulePattern: row.schedule_pattern,
    scheduleTimezone: row.schedule_timezone,
    parentTaskId: row.parent_task_id,
    agentId: row.agent_id,
    priority: row.priority,
    error: row.error,
    totalTopics: row.total_topics,
    maxTopics: row.max_topics,
    config: parseTaskConfig(row.config),
    context: { ...context, scheduler },
    createdAt: instant(row.created_at),
    updatedAt: instant(row.updated_at),
    completedAt: instantOrNull(row.completed_at),
    nextRunAt: isArmed ? instantOrNull(scheduler.dueAt) : null,
  };
}

/** Of a task `n` that is only named. Needs no mapper: its columns are the view's fields. */
export const TASK_REF_COLUMNS = 'n.id, n.identifier, n.name, n.status';
export type TaskRefRow = TaskRefView;

export interface TopicRow {
  id: string;
  task_id: string;
  number: number;
  trigger: Trigger;
  title: string | null;
  status: OperationStatus;
  handoff: string | null;
  error: string | null;
  created_at: Instant;
  ended_at: Instant | null;
}

export const TOPIC_COLUMNS =
  'p.id, p.task_id, p.number, p.trigger, p.title, p.status, p.handoff, p.error, p.created_at, p.ended_at';

export const toTopicView = (row: TopicRow): TopicView => ({
  id: row.id,
  taskId: row.task_id,
  number: row.number,
  trigger: row.trigger,
  title: row.title,
  status: row.status,
  handoff: row.handoff,
  error: row.error,
  createdAt: instant(row.created_at),
  endedAt: instantOrNull(row.ended_at),
});

export interface OperationRow {
  id: string;
  task_id: string;
  topic_id: string;
  trigger: Trigger;
  status: OperationStatus;
  tick_token: string | null;
  started_at: Instant;
  heartbeat_at: Instant;
  finished_at: Instant | null;
  error_code: string | null;
  error_message: string | null;
  usage: Record<string, number> | null;
}

export const OPERATION_COLUMNS = `o.id, o.task_id, o.topic_id, o.trigger, o.status, o.tick_token, o.started_at,
  o.heartbeat_at, o.finished_at, o.error_code, o.error_message, o.usage`;

export const toOperationView = (row: OperationRow): OperationView => ({
  id: row.id,
  taskId: row.task_id,
  topicId: row.topic_id,
  trigger: row.trigger,
  status: row.status,
  tickToken: row.tick_token,
  startedAt: instant(row.started_at),
  heartbeatAt: instant(row.heartbeat_at),
  finishedAt: instantOrNull(row.finished_at),
  errorCode: row.error_code,
  errorMessage: row.error_message,
  usage: row.usage,
});

export interface BriefRow {
  id: string;
  task_id: string;
  task_identifier: string;
  task_name: string;
  topic_id: string | null;
  type: BriefType;
  priority: BriefPriority;
  title: string;
  summary: string;
  actions: BriefAction[];
  read_at: Instant | null;
  resolved_at: Instant | null;
  resolved_action: string | null;
  resolved_comment: string | null;
  occurrences: number;
  created_at: Instant;
  updated_at: Instant;
}

/** Of a brief `b` joined with its task `t`. */
export const BRIEF_COLUMNS = `b.id, b.task_id, t.identifier as task_identifier, t.name as task_name, b.topic_id, b.type,
  b.priority, b.title, b.summary, b.actions, b.read_at, b.resolved_at, b.resolved_action, b.resolved_comment,
  b.occurrences, b.created_at, b.updated_at`;

export const toBriefView = (row: BriefRow): BriefView => ({
  id: row.id,
  taskId: row.task_id,
  taskIdentifier: row.task_identifier,
  taskName: row.task_name,
  topicId: row.topic_id,
  type: row.type,
  priority: row.priority,
  title: row.title,
  summary: row.summary,
  actions: row.actions,
  readAt: instantOrNull(row.read_at),
  resolvedAt: instantOrNull(row.resolved_at),
  resolvedAction: row.resolved_action,
  resolvedComment: row.resolved_comment,
  occurrences: row.occurrences,
  createdAt: instant(row.created_at),
  updatedAt: instant(row.updated_at),
});

export interface CommentRow {
  id: string;
  task_id: string;
  author: Author;
  content: string;
  created_at: Instant;
}

export const COMMENT_COLUMNS = 'c.id, c.task_id, c.author, c.content, c.created_at';

export const toCommentView = (row: CommentRow): CommentView => ({
  id: row.id,
  taskId: row.task_id,
  author: row.author,
  content: row.content,
  createdAt: instant(row.created_at),
});

export interface ActivityRow {
  id: string | number;
  task_id: string;
  kind: ActivityView['kind'];
  from_status: TaskStatus | null;
  to_status: TaskStatus | null;
  reason: string | null;
  ref_id: string | null;
  created_at: Instant;
}

export const ACTIVITY_COLUMNS =
  'a.id, a.task_id, a.kind, a.from_status, a.to_status, a.reason, a.ref_id, a.created_at';

export const toActivityView = (row: ActivityRow): ActivityView => ({
  id: String(row.id),
  taskId: row.task_id,
  kind: row.kind,
  fromStatus: row.from_status,
  toStatus: row.to_status,
  reason: row.reason,
  refId: row.ref_id,
  createdAt: instant(row.created_at),
});

export interface TickRow {
  token: string;
  trigger: Trigger;
  due_at: Instant;
  armed_at: Instant;
  publications: number;
  outcome: TickOutcome | null;
  reason: string | null;
  operation_id: string | null;
  late_ms: string | number | null;
  ended_at: Instant | null;
}

export const TICK_COLUMNS = `k.token, k.trigger, k.due_at, k.armed_at, k.publications, k.outcome, k.reason,
  k.operation_id, k.late_ms, k.ended_at`;

export const toTickView = (row: TickRow): TickView => ({
  token: row.token,
  trigger: row.trigger,
  dueAt: instant(row.due_at),
  armedAt: instant(row.armed_at),
  publications: row.publications,
  outcome: row.outcome,
  reason: row.reason,
  operationId: row.operation_id,
  lateMs: row.late_ms === null ? null : Number(row.late_ms),
  endedAt: instantOrNull(row.ended_at),
});

export interface MessageRow {
  id: string;
  topic_id: string;
  role: MessageRole;
  content: string;
  created_at: Instant;
}

export const MESSAGE_COLUMNS = 'm.id, m.topic_id, m.role, m.content, m.created_at';

export const toMessageView = (row: MessageRow): MessageView => ({
  id: row.id,
  topicId: row.topic_id,
  role: row.role,
  content: row.content,
  createdAt: instant(row.created_at),
});

export interface AgentRow {
  id: string;
  name: string;
  kind: AgentKind;
  config: Record<string, unknown>;
  created_at: Instant;
  updated_at: Instant;
}

export const AGENT_COLUMNS = 'a.id, a.name, a.kind, a.config, a.created_at, a.updated_at';

/** The agent as it is stored, its secrets included: whoever shows it masks them. */
export const toStoredAgent = (row: AgentRow): AgentView => ({
  id: row.id,
  name: row.name,
  kind: row.kind,
  config: row.config,
  createdAt: instant(row.created_at),
  updatedAt: instant(row.updated_at),
});
