import {
  DUE_REASONS,
  type DueReason,
  FAILURE_CLASSES,
  type FailureClass,
  MESSAGE_ROLES,
  type MessageRole,
  OPEN_STATUSES,
  OPERATION_STATUSES,
  type OperationStatus,
  type ProgramSession,
  type ReviewResult,
  STEP_KINDS,
  STEP_STATUSES,
  type StepKind,
  type StepStatus,
  type TaskStatus,
  TICK_OUTCOMES,
  type TickOutcome,
  TOOL_POLICIES,
  type ToolPolicy,
  TRIGGERS,
  type Trigger,
} from '@everbeat/domain';
import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  json,
  jsonb,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { quoted } from '../sql/quoted';
import { bytes, instant, oneOf } from './columns';
import { everbeat } from './everbeat';
import { taskOwnerId } from './people';
import { taskId } from './tasks';

export const topics = everbeat.table(
  'topics',
  {
    id: uuid('id').primaryKey(),
    taskId: taskId(),
    userId: taskOwnerId(),
    /** 1-based position of the topic within its task. */
    number: integer('number').notNull(),
    trigger: text('trigger').$type<Trigger>().notNull(),
    title: text('title'),
    status: text('status').$type<OperationStatus>().notNull(),
    /** Passed on to the task's next runs: the report, truncated. */
    handoff: text('handoff'),
    error: text('error'),
    /** The class of the failure of its last run. */
    failureClass: text('failure_class').$type<FailureClass>(),
    /** The conversation that the program of a coding agent keeps. */
    session: jsonb('session').$type<ProgramSession>(),
    /** What its ended runs have used together. Null: they have reported nothing. */
    usage: jsonb('usage').$type<Record<string, number>>(),
    createdAt: instant('created_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    index('topics_task_idx').on(t.taskId, t.id),
    check('topics_status_check', oneOf(t.status, OPERATION_STATUSES)),
    check('topics_trigger_check', oneOf(t.trigger, TRIGGERS)),
  ],
);

export const messages = everbeat.table(
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
    /** What is needed to put the prompt of a run together again, stored instead of its text. */
    recipe: bytes('recipe'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    index('messages_topic_idx').on(t.topicId, t.id),
    check('messages_role_check', oneOf(t.role, MESSAGE_ROLES)),
  ],
);

/**
 * Texts of the prompts of a task that its rows may not have later, such as its instruction. Each is stored
 * once.
 */
export const promptParts = everbeat.table(
  'prompt_parts',
  {
    taskId: taskId(),
    hash: text('hash').notNull(),
    text: text('text').notNull(),
  },
  (t) => [primaryKey({ columns: [t.taskId, t.hash] })],
);

const IS_OPEN = sql.raw(`status in (${quoted(OPEN_STATUSES)})`);

export const operations = everbeat.table(
  'operations',
  {
    id: uuid('id').primaryKey(),
    taskId: taskId(),
    /**
     * A topic of the same task, so deleted with it. A foreign key would be checked, and need an index, on
     * every run.
     */
    topicId: uuid('topic_id').notNull(),
    userId: taskOwnerId(),
    trigger: text('trigger').$type<Trigger>().notNull(),
    status: text('status').$type<OperationStatus>().notNull(),
    /** The token of the tick that started it. Null for a manual run. */
    tickToken: uuid('tick_token'),
    /**
     * The same for every attempt at one occurrence (PROTOCOL §4.1): the token of the first attempt's tick, or
     * that attempt's id if a person started it. Null in rows of older versions.
     */
    occurrence: uuid('occurrence'),
    /** Counts the attempts at one occurrence from 1. */
    attempt: integer('attempt').notNull().default(1),
    /** The status the task was claimed from. A claim whose run never started is rolled back to it. */
    claimedFrom: text('claimed_from').$type<TaskStatus>().notNull(),
    /** It goes on in the topic of an earlier run, and so does a further attempt at it. */
    continuesTopic: boolean('continues_topic').notNull().default(false),
    /** Instructions that a person added for this run only. */
    extraPrompt: text('extra_prompt'),
    /** SHA-256 of the secret in this operation's callback URL. */
    callbackHash: text('callback_hash').notNull(),
    startedAt: instant('started_at').notNull(),
    /**
     * When a process began to execute it. It is written from null alone, so that only one process executes
     * it. Null again once that process is known to be gone, or has handed it over (PROTOCOL §9).
     */
    executedAt: instant('executed_at'),
    heartbeatAt: instant('heartbeat_at').notNull(),
    /**
     * The lease ends here: heartbeatAt + the task's heartbeatTimeout, or later if an agent was granted more.
     */
    leaseExpiresAt: instant('lease_expires_at').notNull(),
    /**
     * Grows whenever the operation is taken from the process that executed it: whoever holds an older number
     * writes nothing more.
     */
    leaseEpoch: integer('lease_epoch').notNull().default(0),
    /** How often the process that executed it was lost. */
    losses: integer('losses').notNull().default(0),
    finishedAt: instant('finished_at'),
    errorCode: text('error_code'),
    errorMessage: text('error_message'),
    /** Why it failed. Null if it did not, and in rows of older versions. */
    failureClass: text('failure_class').$type<FailureClass>(),
    usage: jsonb('usage').$type<Record<string, number>>(),
    /** What an operation found that checks the work of another. */
    review: jsonb('review').$type<ReviewResult>(),
  },
  (t) => [
    uniqueIndex('operations_one_running_per_task').on(t.taskId).where(IS_OPEN),
    // Not `status = 'running'`, so that the planner can use it for the sweep of expired leases only.
    index('operations_lease_idx').on(t.status, t.leaseExpiresAt).where(sql`finished_at is null`),
    index('operations_task_idx').on(t.taskId, t.id),
    /** The checks of the work of a topic. */
    index('operations_reviews_idx').on(t.topicId).where(sql`trigger = 'review'`),
    uniqueIndex('operations_tick_token_unique').on(t.tickToken),
    check('operations_status_check', oneOf(t.status, OPERATION_STATUSES)),
    check('operations_trigger_check', oneOf(t.trigger, TRIGGERS)),
    check('operations_failure_class_check', oneOf(t.failureClass, FAILURE_CLASSES)),
    check('operations_finished_check', sql`(${IS_OPEN}) = (${t.finishedAt} is null)`),
  ],
);

/**
 * What a run of an agent that keeps steps has done so far: its calls of the model and of tools (PROTOCOL §9).
 */
export const operationSteps = everbeat.table(
  'operation_steps',
  {
    operationId: uuid('operation_id')
      .notNull()
      .references(() => operations.id, { onDelete: 'cascade' }),
    /** From 0. Attempts at one occurrence go on counting. */
    index: integer('index').notNull(),
    kind: text('kind').$type<StepKind>().notNull(),
    /** The name of the model or the tool. */
    name: text('name').notNull(),
    status: text('status').$type<StepStatus>().notNull(),
    /** What the policy for a call of a tool was. */
    policy: text('policy').$type<ToolPolicy>(),
    /** The key under which it is executed: the same whenever it is executed again. */
    occurrence: text('occurrence').notNull(),
    /**
     * Kept as it was written, in its order: a provider finds in its cache only what it has read before. That
     * of the first step is the prompt of the run: it is cleared once nothing can go on from the step
     * (PROTOCOL §5).
     */
    input: json('input'),
    result: json('result'),
    usage: jsonb('usage').$type<Record<string, number>>(),
    /** The brief by which the step waits for a person, or has waited. */
    briefId: uuid('brief_id'),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at'),
  },
  (t) => [
    primaryKey({ columns: [t.operationId, t.index] }),
    /** The prompts that are still to be cleared. */
    index('operation_steps_prompts_idx')
      .on(t.operationId)
      .where(sql`index = 0 and kind = 'model' and input is not null`),
    check('operation_steps_kind_check', oneOf(t.kind, STEP_KINDS)),
    check('operation_steps_status_check', oneOf(t.status, STEP_STATUSES)),
    check('operation_steps_policy_check', oneOf(t.policy, TOOL_POLICIES)),
    check(
      'operation_steps_ended_check',
      sql`(${t.status} in ('started', 'waiting')) = (${t.endedAt} is null)`,
    ),
  ],
);

/** The ledger: one row per arm. Each ends with exactly one outcome. */
export const taskTicks = everbeat.table(
  'task_ticks',
  {
    token: uuid('token').primaryKey(),
    taskId: taskId(),
    userId: taskOwnerId(),
    trigger: text('trigger').$type<Trigger>().notNull(),
    dueAt: instant('due_at').notNull(),
    /** Why it is due later than the task's rule says. */
    dueReason: text('due_reason').$type<DueReason>(),
    armedAt: instant('armed_at').notNull(),
    /** How often it was published to the scheduler. Numbers the deduplication ids. */
    publications: integer('publications').notNull().default(1),
    publishedAt: instant('published_at').notNull(),
    messageId: text('message_id'),
    outcome: text('outcome').$type<TickOutcome>(),
    /** Why it was skipped or superseded. */
    reason: text('reason'),
    operationId: uuid('operation_id'),
    lateMs: bigint('late_ms', { mode: 'number' }),
    endedAt: instant('ended_at'),
  },
  (t) => [
    index('task_ticks_task_idx').on(t.taskId, t.armedAt),
    check('task_ticks_outcome_check', oneOf(t.outcome, TICK_OUTCOMES)),
    check('task_ticks_due_reason_check', oneOf(t.dueReason, DUE_REASONS)),
    check('task_ticks_ended_check', sql`(${t.outcome} is null) = (${t.endedAt} is null)`),
  ],
);
