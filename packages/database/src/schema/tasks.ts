import {
  AUTOMATION_MODES,
  type Author,
  type AutomationMode,
  LIMITS,
  TASK_STATUSES,
  type TaskStatus,
} from '@everbeat/domain';
import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  check,
  index,
  integer,
  jsonb,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { instant, oneOf } from './columns';
import { everbeat } from './everbeat';
import { agents, ownerId, taskOwnerId } from './people';

export const tasks = everbeat.table(
  'tasks',
  {
    id: uuid('id').primaryKey(),
    userId: ownerId(),
    number: integer('number').notNull(),
    /** `T-<number>` */
    identifier: text('identifier').notNull(),
    name: text('name').notNull(),
    instruction: text('instruction').notNull(),
    /**
     * Who wrote it: an agent, until a person edits it. What an agent wrote has no authority of the person.
     */
    instructionAuthor: text('instruction_author').$type<Author>().notNull().default('user'),
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
    pausedReason: text('paused_reason'),
    totalTopics: integer('total_topics').notNull().default(0),
    maxTopics: integer('max_topics'),
    config: jsonb('config').notNull().default({}),
    /** `context.scheduler` is the scheduler's state. Other keys are never read or changed. */
    context: jsonb('context').notNull().default({}),
    /**
     * Incremented by every write that a decision could depend on. A decision is written only if it is
     * unchanged.
     */
    revision: integer('revision').notNull().default(0),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
    completedAt: instant('completed_at'),
    /** The person has muted it: its news are read as they come in. */
    mutedAt: instant('muted_at'),
    /** When its person last looked at it, or was told of it by a channel; written once an hour at most. */
    seenAt: instant('seen_at'),
    /** The task is hidden from its user; the watchdog removes its rows, then this one. */
    deletedAt: instant('deleted_at'),
    /** With so many topics, the watchdog thins the history. */
    thinAtTopics: integer('thin_at_topics')
      .notNull()
      .default(LIMITS.keptRunsDefault + LIMITS.thinnedRunsMin),
    /** The history is thinned for good up to this operation. Null: it never was thinned. */
    thinnedTo: uuid('thinned_to'),
  },
  (t) => [
    unique('tasks_user_number_unique').on(t.userId, t.number),
    index('tasks_user_status_idx').on(t.userId, t.status, t.number),
    // Most tasks have no priority: those are listed by their numbers, and cost this index nothing.
    index('tasks_priority_idx').on(t.userId, t.priority, t.number.desc()).where(sql`priority <> 0`),
    index('tasks_parent_idx').on(t.parentTaskId, t.number).where(sql`parent_task_id is not null`),
    index('tasks_sealed_idx').on(t.userId, t.id).where(sql`config::text like '%"sealed:v%'`),
    index('tasks_agent_idx').on(t.agentId).where(sql`agent_id is not null`),
    index('tasks_armed_idx')
      .on(sql`(context -> 'scheduler' ->> 'dueAt')`, sql`(context -> 'scheduler' ->> 'tickToken')`)
      .where(sql`status = 'scheduled' and (context -> 'scheduler' ->> 'tickToken') is not null`),
    index('tasks_unpublished_idx')
      .on(sql`(context -> 'scheduler' ->> 'scheduledAt')`, t.id)
      .where(
        sql`status = 'scheduled' and (context -> 'scheduler' ->> 'tickToken') is not null and (context -> 'scheduler' ->> 'tickMessageId') is null`,
      ),
    index('tasks_unarmed_idx')
      .on(t.id)
      .where(sql`status = 'scheduled' and (context -> 'scheduler' ->> 'tickToken') is null`),
    index('tasks_deleted_idx').on(t.deletedAt, t.id).where(sql`deleted_at is not null`),
    index('tasks_to_thin_idx').on(t.id).where(sql`total_topics >= thin_at_topics and deleted_at is null`),
    /** What a person must act on (`reads/attention.ts`): rows of other tasks are not in these. */
    index('tasks_failing_idx')
      .on(t.userId, t.number)
      .where(sql`error is not null and status in ('scheduled', 'running')`),
    index('tasks_blocked_idx')
      .on(t.userId, sql`(context -> 'scheduler' ->> 'blockedBy')`, t.number)
      .where(sql`(context -> 'scheduler' ->> 'blockedBy') is not null`),
    index('tasks_needs_person_idx')
      .on(t.userId, t.number)
      .where(sql`(context -> 'scheduler' ->> 'needsPerson') = 'true'`),
    check('tasks_status_check', oneOf(t.status, TASK_STATUSES)),
    check('tasks_automation_mode_check', oneOf(t.automationMode, AUTOMATION_MODES)),
    check('tasks_total_topics_check', sql`${t.totalTopics} >= 0`),
  ],
);

/** The task that a row belongs to and is deleted with. */
export const taskId = () =>
  uuid('task_id')
    .notNull()
    .references(() => tasks.id, { onDelete: 'cascade' });

export const taskDependencies = everbeat.table(
  'task_dependencies',
  {
    taskId: uuid('task_id')
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    dependsOnId: uuid('depends_on_id')
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    userId: taskOwnerId(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (t) => [
    primaryKey({ columns: [t.taskId, t.dependsOnId] }),
    index('task_dependencies_depends_on_idx').on(t.dependsOnId, t.taskId),
    check('task_dependencies_not_self_check', sql`${t.taskId} <> ${t.dependsOnId}`),
  ],
);

export const taskComments = everbeat.table(
  'task_comments',
  {
    id: uuid('id').primaryKey(),
    taskId: taskId(),
    userId: taskOwnerId(),
    author: text('author').$type<Author>().notNull(),
    content: text('content').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [index('task_comments_task_idx').on(t.taskId, t.id)],
);

/** What an agent stores between runs of a task, such as the last text of a watched page. One row per task. */
export const taskMemories = everbeat.table('task_memories', {
  taskId: uuid('task_id')
    .primaryKey()
    .references(() => tasks.id, { onDelete: 'cascade' }),
  userId: taskOwnerId(),
  memory: jsonb('memory').notNull(),
  updatedAt: instant('updated_at').notNull(),
});
