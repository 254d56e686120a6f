import type {
  AgentKind,
  AutomationMode,
  BriefAction,
  BriefPriority,
  BriefType,
  MessageRole,
  OperationStatus,
  TaskStatus,
  TickOutcome,
  Trigger,
} from '@everbeat/domain';
import {
  AGENT_KINDS,
  AUTOMATION_MODES,
  BRIEF_PRIORITIES,
  BRIEF_TYPES,
  LIMITS,
  MESSAGE_ROLES,
  OPERATION_STATUSES,
  TASK_STATUSES,
  TICK_OUTCOMES,
  TRIGGERS,
} from '@everbeat/domain';
import { type SQL, sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';

/** Text columns with a check, not Postgres enums: a list can then grow in an ordinary, lock-free migration. */
const oneOf = (column: AnyPgColumn, values: readonly string[]): SQL =>
  sql`${column} in (${sql.raw(values.map((value) => `'${value}'`).join(', '))})`;

const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

/** The id of the writing transaction: readers of the activity feed order by it, so that a late commit is never passed over. */
const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' });

/** Shaped so that Better Auth's sessions and accounts can join: text ids and its column names. */
export const users = pgTable('users', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  email: text('email').notNull().unique(),
  emailVerified: boolean('email_verified').notNull().default(false),
  image: text('image'),
  /** The last task number given out; one row lock serialises the numbering of one user. */
  taskCounter: integer('task_counter').notNull().default(0),
  createdAt: instant('created_at').notNull().defaultNow(),
  updatedAt: instant('updated_at').notNull().defaultNow(),
});

const ownerId = () =>
  text('user_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' });

export const agents = pgTable(
  'agents',
  {
    id: uuid('id').primaryKey(),
    userId: ownerId(),
    name: text('name').notNull(),
    kind: text('kind').$type<AgentKind>().notNull(),
    config: jsonb('config').$type<Record<string, unknown>>().notNull().default({}),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (t) => [
    index('agents_user_idx').on(t.userId, t.id),
    check('agents_kind_check', oneOf(t.kind, AGENT_KINDS)),
  ],
);

export const tasks = pgTable(
  'tasks',
  {
    id: uuid('id').primaryKey(),
    userId: ownerId(),
    number: integer('number').notNull(),
    /** `T-<number>`, per user. */
    identifier: text('identifier').notNull(),
    name: text('name').notNull(),
    instruction: text('instruction').notNull(),
    agentId: uuid('agent_id').references(() => agents.id, { onDelete: 'set null' }),
    parentTaskId: uuid('parent_task_id').references((): AnyPgColumn => tasks.id, { onDelete: 'set null' }),
    status: text('status').$type<TaskStatus>().notNull().default('backlog'),
    /** 0 none, 1 urgent … 4 low. */
    priority: integer('priority').notNull().default(0),
    automationMode: text('automation_mode').$type<AutomationMode>(),
    heartbeatInterval: integer('heartbeat_interval'),
    heartbeatTimeout: integer('heartbeat_timeout').notNull().default(LIMITS.leaseSecondsDefault),
    schedulePattern: text('schedule_pattern'),
    scheduleTimezone: text('schedule_timezone'),
    error: text('error'),
    totalTopics: integer('total_topics').notNull().default(0),
    maxTopics: integer('max_topics'),
    config: jsonb('config').$type<Record<string, unknown>>().notNull().default({}),
    /** `context.scheduler` is the scheduler's state; other keys belong to others. */
    context: jsonb('context').$type<Record<string, unknown>>().notNull().default({}),
    /** Grows with every write that a decision could depend on: a decision is written only over the state it was made from. */
    revision: integer('revision').notNull().default(0),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
    completedAt: instant('completed_at'),
  },
  (t) => [
    unique('tasks_user_number_unique').on(t.userId, t.number),
    unique('tasks_user_identifier_unique').on(t.userId, t.identifier),
    index('tasks_user_idx').on(t.userId, t.id),
    index('tasks_user_status_idx').on(t.userId, t.status, t.id),
    index('tasks_parent_idx').on(t.parentTaskId, t.id),
    index('tasks_agent_idx').on(t.agentId),
    index('tasks_armed_idx')
      .on(sql`(context -> 'scheduler' ->> 'dueAt')`, sql`(context -> 'scheduler' ->> 'tickToken')`)
      .where(sql`status = 'scheduled' and (context -> 'scheduler' ->> 'tickToken') is not null`),
    index('tasks_unpublished_idx')
      .on(sql`(context -> 'scheduler' ->> 'scheduledAt')`, t.id)
      .where(
        sql`status = 'scheduled' and (context -> 'scheduler' ->> 'tickToken') is not null and (context -> 'scheduler' ->> 'tickMessageId') is null`,
      ),
    index('tasks_orphan_idx')
      .on(t.id)
      .where(
        sql`status = 'scheduled' and (context -> 'scheduler' ->> 'tickToken') is null and (context -> 'scheduler' ->> 'blockedBy') is null`,
      ),
    check('tasks_status_check', oneOf(t.status, TASK_STATUSES)),
    check('tasks_automation_mode_check', oneOf(t.automationMode, AUTOMATION_MODES)),
    check('tasks_total_topics_check', sql`${t.totalTopics} >= 0`),
  ],
);

export const taskDependencies = pgTable(
  'task_dependencies',
  {
    taskId: uuid('task_id')
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    dependsOnId: uuid('depends_on_id')
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    userId: ownerId(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.taskId, t.dependsOnId] }),
    index('task_dependencies_depends_on_idx').on(t.dependsOnId),
    check('task_dependencies_not_self_check', sql`${t.taskId} <> ${t.dependsOnId}`),
  ],
);

const taskId = () =>
  uuid('task_id')
    .notNull()
    .references(() => tasks.id, { onDelete: 'cascade' });

export const topics = pgTable(
  'topics',
  {
    id: uuid('id').primaryKey(),
    taskId: taskId(),
    userId: ownerId(),
    /** The how-manieth topic of its task. */
    number: integer('number').notNull(),
    trigger: text('trigger').$type<Trigger>().notNull(),
    title: text('title'),
    status: text('status').$type<OperationStatus>().notNull(),
    /** What this topic leaves to the next ones: the report, shortened. */
    handoff: text('handoff'),
    error: text('error'),
    createdAt: instant('created_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    index('topics_task_idx').on(t.taskId, t.id),
    check('topics_status_check', oneOf(t.status, OPERATION_STATUSES)),
    check('topics_trigger_check', oneOf(t.trigger, TRIGGERS)),
  ],
);

export const messages = pgTable(
  'messages',
  {
    id: uuid('id').primaryKey(),
    topicId: uuid('topic_id')
      .notNull()
      .references(() => topics.id, { onDelete: 'cascade' }),
    userId: ownerId(),
    operationId: uuid('operation_id'),
    role: text('role').$type<MessageRole>().notNull(),
    content: text('content').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    index('messages_topic_idx').on(t.topicId, t.id),
    check('messages_role_check', oneOf(t.role, MESSAGE_ROLES)),
  ],
);

export const operations = pgTable(
  'operations',
  {
    id: uuid('id').primaryKey(),
    taskId: taskId(),
    topicId: uuid('topic_id')
      .notNull()
      .references(() => topics.id, { onDelete: 'cascade' }),
    userId: ownerId(),
    trigger: text('trigger').$type<Trigger>().notNull(),
    status: text('status').$type<OperationStatus>().notNull(),
    /** The token of the tick that started it; null for a manual run. */
    tickToken: uuid('tick_token'),
    /** The status the task was claimed from, to which a claim that never started is rolled back. */
    claimedFrom: text('claimed_from').$type<TaskStatus>().notNull(),
    /** What the person added to this one run. */
    extraPrompt: text('extra_prompt'),
    /** SHA-256 of the secret in the callback address of this operation. */
    callbackHash: text('callback_hash').notNull(),
    startedAt: instant('started_at').notNull(),
    /** When a process began to execute it; the write from null happens once, so it is executed at most once. */
    executedAt: instant('executed_at'),
    heartbeatAt: instant('heartbeat_at').notNull(),
    /** heartbeatAt + the task's heartbeatTimeout: after it the lease is over. */
    leaseExpiresAt: instant('lease_expires_at').notNull(),
    finishedAt: instant('finished_at'),
    errorCode: text('error_code'),
    errorMessage: text('error_message'),
    usage: jsonb('usage').$type<Record<string, number>>(),
  },
  (t) => [
    uniqueIndex('operations_one_running_per_task').on(t.taskId).where(sql`status = 'running'`),
    index('operations_lease_idx').on(t.leaseExpiresAt).where(sql`status = 'running'`),
    index('operations_task_idx').on(t.taskId, t.id),
    index('operations_topic_idx').on(t.topicId),
    uniqueIndex('operations_tick_token_unique').on(t.tickToken),
    check('operations_status_check', oneOf(t.status, OPERATION_STATUSES)),
    check('operations_trigger_check', oneOf(t.trigger, TRIGGERS)),
    check('operations_finished_check', sql`(${t.status} = 'running') = (${t.finishedAt} is null)`),
  ],
);

/** The ledger: one row for every arm, with exactly one outcome in the end. */
export const taskTicks = pgTable(
  'task_ticks',
  {
    token: uuid('token').primaryKey(),
    taskId: taskId(),
    userId: ownerId(),
    trigger: text('trigger').$type<Trigger>().notNull(),
    dueAt: instant('due_at').notNull(),
    armedAt: instant('armed_at').notNull(),
    /** How often it was handed to the scheduler; numbers the deduplication ids. */
    publications: integer('publications').notNull().default(1),
    publishedAt: instant('published_at').notNull(),
    messageId: text('message_id'),
    outcome: text('outcome').$type<TickOutcome>(),
    /** Why it was skipped, or what superseded it. */
    reason: text('reason'),
    operationId: uuid('operation_id'),
    lateMs: bigint('late_ms', { mode: 'number' }),
    endedAt: instant('ended_at'),
  },
  (t) => [
    index('task_ticks_task_idx').on(t.taskId, t.armedAt),
    check('task_ticks_outcome_check', oneOf(t.outcome, TICK_OUTCOMES)),
    check('task_ticks_ended_check', sql`(${t.outcome} is null) = (${t.endedAt} is null)`),
  ],
);

export const briefs = pgTable(
  'briefs',
  {
    id: uuid('id').primaryKey(),
    taskId: taskId(),
    topicId: uuid('topic_id').references(() => topics.id, { onDelete: 'set null' }),
    userId: ownerId(),
    type: text('type').$type<BriefType>().notNull(),
    priority: text('priority').$type<BriefPriority>().notNull(),
    title: text('title').notNull(),
    summary: text('summary').notNull(),
    actions: jsonb('actions').$type<BriefAction[]>().notNull(),
    /** `failure`: the one open error brief of a streak. `approval`: the result that waits for the person. */
    purpose: text('purpose').$type<'failure' | 'approval'>(),
    occurrences: integer('occurrences').notNull().default(1),
    readAt: instant('read_at'),
    resolvedAt: instant('resolved_at'),
    resolvedAction: text('resolved_action'),
    resolvedComment: text('resolved_comment'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [
    index('briefs_user_idx').on(t.userId, t.id),
    index('briefs_user_open_idx').on(t.userId, t.id).where(sql`resolved_at is null`),
    index('briefs_task_idx').on(t.taskId, t.id),
    /** What may block an arm (PROTOCOL section 4, human waiting). */
    index('briefs_blocking_idx')
      .on(t.taskId)
      .where(sql`resolved_at is null and priority = 'urgent' and type <> 'error'`),
    uniqueIndex('briefs_one_open_per_purpose')
      .on(t.taskId, t.purpose)
      .where(sql`resolved_at is null and purpose is not null`),
    check('briefs_type_check', oneOf(t.type, BRIEF_TYPES)),
    check('briefs_priority_check', oneOf(t.priority, BRIEF_PRIORITIES)),
  ],
);

export const taskComments = pgTable(
  'task_comments',
  {
    id: uuid('id').primaryKey(),
    taskId: taskId(),
    userId: ownerId(),
    author: text('author').$type<'user' | 'agent'>().notNull(),
    content: text('content').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [index('task_comments_task_idx').on(t.taskId, t.id)],
);

/** What a runtime keeps between the runs of one task, such as the last text of a watched page. One row a task: it does not grow. */
export const taskMemories = pgTable('task_memories', {
  taskId: uuid('task_id')
    .primaryKey()
    .references(() => tasks.id, { onDelete: 'cascade' }),
  userId: ownerId(),
  memory: jsonb('memory').notNull(),
  updatedAt: instant('updated_at').notNull(),
});

export const ACTIVITY_KINDS = ['status', 'edit', 'brief', 'comment', 'transcript', 'arm', 'deleted'] as const;
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];

/**
 * The history of a task and the feed that live pages follow: one row of kind `status` for every status change, in its
 * transaction, and rows of other kinds for what else a page shows. No foreign key to the task, so that its deletion
 * can be told; `tx` orders the feed (see xid8).
 */
export const taskActivities = pgTable(
  'task_activities',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    tx: xid8('tx').notNull().default(sql`pg_current_xact_id()`),
    taskId: uuid('task_id').notNull(),
    userId: ownerId(),
    kind: text('kind').$type<ActivityKind>().notNull(),
    fromStatus: text('from_status').$type<TaskStatus>(),
    toStatus: text('to_status').$type<TaskStatus>(),
    reason: text('reason'),
    /** The operation, brief, topic or comment it speaks of. */
    refId: uuid('ref_id'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    index('task_activities_task_idx').on(t.taskId, t.id),
    index('task_activities_feed_idx').on(t.tx, t.id),
    check('task_activities_kind_check', oneOf(t.kind, ACTIVITY_KINDS)),
  ],
);

/** Facts of the installation, such as the watchdog's last pass. */
export const systemState = pgTable('system_state', {
  key: text('key').primaryKey(),
  value: jsonb('value').notNull(),
  updatedAt: instant('updated_at').notNull(),
});
