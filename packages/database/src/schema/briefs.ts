import {
  type AnswerEffect,
  BRIEF_PRIORITIES,
  BRIEF_TYPES,
  type BriefActionView,
  type BriefPriority,
  type BriefPurpose,
  type BriefType,
} from '@everbeat/domain';
import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { answeredTask, isAnswered } from '../sql/answered';
import {
  blocks,
  doneOrder,
  isDone,
  isOpen,
  isUnread,
  openOrder,
  searchedText,
  waits,
  wasSnoozed,
} from '../sql/inbox';
import { instant, oneOf } from './columns';
import { everbeat } from './everbeat';
import { agents, taskOwnerId } from './people';
import { topics } from './runs';
import { taskId } from './tasks';

export const briefs = everbeat.table(
  'briefs',
  {
    id: uuid('id').primaryKey(),
    taskId: taskId(),
    topicId: uuid('topic_id').references(() => topics.id, { onDelete: 'set null' }),
    userId: taskOwnerId(),
    type: text('type').$type<BriefType>().notNull(),
    priority: text('priority').$type<BriefPriority>().notNull(),
    title: text('title').notNull(),
    summary: text('summary').notNull(),
    actions: jsonb('actions').$type<BriefActionView[]>().notNull(),
    purpose: text('purpose').$type<BriefPurpose>(),
    /** The subtasks that it asks about. */
    subjectIds: uuid('subject_ids').array(),
    /** Pictures of a watched page: before the change, if there was one, and after it. They may be gone. */
    pictures: uuid('pictures').array(),
    /**
     * What the agent says that it is about: a further brief of this type and key updates it while it is open.
     */
    key: text('key'),
    /** The document of the task that its agent names. */
    document: text('document'),
    /** The far side that is away, for the one brief that tells of it, however many tasks it hits. */
    farSide: text('far_side'),
    /** The agent that cannot run, for the one brief that says so, however many tasks it works for. */
    agentId: uuid('agent_id').references(() => agents.id, { onDelete: 'set null' }),
    /** The channel that does not work, for the one brief that says so; it may be deleted since. */
    channelId: uuid('channel_id'),
    occurrences: integer('occurrences').notNull().default(1),
    readAt: instant('read_at'),
    /** The person has put it off: until `snoozedUntil`, or without one until it changes. */
    snoozedAt: instant('snoozed_at'),
    snoozedUntil: instant('snoozed_until'),
    /** When `defaultAction` is chosen, or, without one, nothing, if nobody has answered by then. */
    expiresAt: instant('expires_at'),
    /** The key of one of its actions. */
    defaultAction: text('default_action'),
    /** When the channels that do so ask it again. Null: never, or they have. */
    escalateAt: instant('escalate_at'),
    escalatedAt: instant('escalated_at'),
    /** Since when it asks what it asks now. Null: since it was written first. */
    askedAt: instant('asked_at'),
    resolvedAt: instant('resolved_at'),
    resolvedAction: text('resolved_action'),
    resolvedComment: text('resolved_comment'),
    resolvedEffect: jsonb('resolved_effect').$type<AnswerEffect>(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [
    index('briefs_user_idx').on(t.userId, t.id),
    index('briefs_user_open_idx').on(t.userId, t.id).where(sql`resolved_at is null`),
    index('briefs_task_idx').on(t.taskId, t.id),
    /** Whether something of a task lies unread, which each beat asks (PROTOCOL §4.5). */
    index('briefs_task_unread_idx')
      .on(t.taskId)
      .where(sql.raw(`${isOpen('')} and ${isUnread('')}`)),
    /** For the removal of topics. */
    index('briefs_topic_idx').on(t.topicId).where(sql`topic_id is not null`),
    /** What may block an arm (PROTOCOL §4). */
    index('briefs_blocking_idx')
      .on(t.taskId)
      .where(sql.raw(`${isOpen('')} and ${blocks('')}`)),
    /** For the sweep of questions that nobody has answered in time. */
    index('briefs_expires_idx').on(t.expiresAt).where(sql`resolved_at is null and expires_at is not null`),
    index('briefs_escalate_idx').on(t.escalateAt).where(sql`resolved_at is null and escalate_at is not null`),
    uniqueIndex('briefs_one_open_per_purpose')
      .on(t.taskId, t.purpose)
      .where(sql`resolved_at is null and purpose is not null`),
    uniqueIndex('briefs_one_open_per_key')
      .on(t.taskId, t.type, t.key)
      .where(sql`resolved_at is null and key is not null`),
    uniqueIndex('briefs_one_open_per_far_side')
      .on(t.userId, t.farSide)
      .where(sql`resolved_at is null and far_side is not null`),
    uniqueIndex('briefs_one_open_per_agent')
      .on(t.agentId)
      .where(sql`resolved_at is null and agent_id is not null`),
    uniqueIndex('briefs_one_open_per_channel')
      .on(t.channelId)
      .where(sql`resolved_at is null and channel_id is not null`),
    /** For the removal of agents, and to find what was put aside. */
    index('briefs_agent_idx').on(t.agentId, t.createdAt).where(sql`agent_id is not null`),
    index('briefs_far_side_idx').on(t.userId, t.farSide, t.createdAt).where(sql`far_side is not null`),
    /** The views of the inbox (`sql/inbox.ts`), and what a task has in them. */
    index('briefs_waiting_idx')
      .on(t.userId, sql.raw(openOrder('')), t.id)
      .where(sql.raw(`${isOpen('')} and ${waits('')}`)),
    index('briefs_unread_idx')
      .on(t.userId, sql.raw(openOrder('')), t.id)
      .where(sql.raw(`${isOpen('')} and ${isUnread('')}`)),
    index('briefs_snoozed_idx')
      .on(t.userId, sql.raw(openOrder('')), t.id)
      .where(sql.raw(`${isOpen('')} and ${wasSnoozed('')}`)),
    index('briefs_done_idx')
      .on(t.userId, sql.raw(doneOrder('')), t.id)
      .where(sql.raw(isDone(''))),
    index('briefs_task_open_idx')
      .on(t.taskId, sql.raw(openOrder('')), t.id)
      .where(sql.raw(isOpen(''))),
    index('briefs_task_done_idx')
      .on(t.taskId, sql.raw(doneOrder('')), t.id)
      .where(sql.raw(isDone(''))),
    /** What the prompt of a run has of answers, however old their briefs are. */
    index('briefs_answered_idx')
      .on(sql.raw(answeredTask('')), t.resolvedAt, t.id)
      .where(sql.raw(isAnswered(''))),
    index('briefs_text_idx').using('gin', sql.raw(searchedText(''))),
    check('briefs_type_check', oneOf(t.type, BRIEF_TYPES)),
    check('briefs_priority_check', oneOf(t.priority, BRIEF_PRIORITIES)),
  ],
);
