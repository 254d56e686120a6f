import {
  MESSAGE_ROLES,
  type MessageRole,
  OPERATION_STATUSES,
  type OperationStatus,
  type TaskStatus,
  TICK_OUTCOMES,
  type TickOutcome,
  TRIGGERS,
  type Trigger,
} from '@everbeat/domain';
import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { instant, oneOf } from './columns';
import { taskOwnerId } from './people';
import { taskId } from './tasks';

export const topics = pgTable(
  'topics',
  {
    id: uuid('id').primaryKey(),
    taskId: taskId(),
    userId: taskOwnerId(),
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
    userId: taskOwnerId(),
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
    /** A topic of the same task, and so gone with it. No foreign key: it would be checked, and indexed, at every beat. */
    topicId: uuid('topic_id').notNull(),
    userId: taskOwnerId(),
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
    // By another name for running, so that only the sweep of leases can choose it.
    index('operations_lease_idx').on(t.leaseExpiresAt).where(sql`finished_at is null`),
    index('operations_task_idx').on(t.taskId, t.id),
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
    userId: taskOwnerId(),
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
