import {
  CHANNEL_KINDS,
  type ChannelKind,
  type ChannelRules,
  DELIVERY_REASONS,
  DELIVERY_STATUSES,
  type DeliveryReason,
  type DeliveryStatus,
  LIMITS,
  NEWS_KINDS,
  type NewsKind,
  type QuietHours,
  type TaskRules,
} from '@everbeat/domain';
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { briefs } from './briefs';
import { instant, oneOf } from './columns';
import { everbeat } from './everbeat';
import { ownerId, taskOwnerId } from './people';
import { taskId } from './tasks';

/** Where a person is told what happens, outside the page (PROTOCOL §11). */
export const channels = everbeat.table(
  'channels',
  {
    id: uuid('id').primaryKey(),
    userId: ownerId(),
    kind: text('kind').$type<ChannelKind>().notNull(),
    name: text('name').notNull(),
    /** Its secrets are sealed. */
    config: jsonb('config').$type<Record<string, unknown>>().notNull(),
    rules: jsonb('rules').$type<ChannelRules>().notNull(),
    isEnabled: boolean('is_enabled').notNull().default(true),
    quietHours: jsonb('quiet_hours').$type<QuietHours>(),
    coolDownMinutes: integer('cool_down_minutes').notNull().default(LIMITS.coolDownMinutesDefault),
    /** Since when nothing has arrived, although something was sent. Null: the last message has arrived. */
    failingSince: instant('failing_since'),
    /** What was wrong last, with the remedy. */
    problem: text('problem'),
    /** When a brief said that it has not worked for long. */
    toldAt: instant('told_at'),
    lastSentAt: instant('last_sent_at'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (t) => [
    index('channels_user_idx').on(t.userId, t.id),
    check('channels_kind_check', oneOf(t.kind, CHANNEL_KINDS)),
  ],
);

/** What a channel does otherwise for one task. */
export const channelTaskRules = everbeat.table(
  'channel_task_rules',
  {
    taskId: taskId(),
    channelId: uuid('channel_id')
      .notNull()
      .references(() => channels.id, { onDelete: 'cascade' }),
    userId: taskOwnerId(),
    rules: jsonb('rules').$type<TaskRules>().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.taskId, t.channelId] }),
    /** For the removal of channels. */
    index('channel_task_rules_channel_idx').on(t.channelId),
  ],
);

/**
 * Links in messages by which a person answers a brief without the page. The database holds hashes only:
 * whoever reads it can answer nothing.
 */
export const answerLinks = everbeat.table(
  'answer_links',
  {
    /** SHA-256 of the token, as hex. */
    tokenHash: text('token_hash').primaryKey(),
    briefId: uuid('brief_id')
      .notNull()
      .references(() => briefs.id, { onDelete: 'cascade' }),
    userId: taskOwnerId(),
    /**
     * Whose message it stands in: as a button, it answers from there alone. No foreign key, as for
     * deliveries.
     */
    channelId: uuid('channel_id'),
    /** The option that the link stands for. */
    action: text('action').notNull(),
    /** The title of the brief as the message told it. */
    title: text('title').notNull(),
    /**
     * `everbeat.question_hash` of the brief as the message told it: a brief with another one asks something
     * else. Null: an older version made the link, and its title has to do.
     */
    questionHash: text('question_hash'),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    usedAt: instant('used_at'),
  },
  (t) => [index('answer_links_brief_idx').on(t.briefId), index('answer_links_expires_idx').on(t.expiresAt)],
);

/**
 * What a rule sends to a channel: one row for each event, written by a trigger in the statement that writes
 * its brief. The channel has no foreign key: a settlement would wait for whoever deletes it.
 */
export const deliveries = everbeat.table(
  'deliveries',
  {
    id: uuid('id').primaryKey(),
    briefId: uuid('brief_id')
      .notNull()
      .references(() => briefs.id, { onDelete: 'cascade' }),
    channelId: uuid('channel_id').notNull(),
    /** That of the brief: for the cool-down, and to tell what belongs together. */
    taskId: uuid('task_id').notNull(),
    userId: taskOwnerId(),
    kind: text('kind').$type<NewsKind>().notNull(),
    /** The first, second, … event of its brief for this channel. */
    number: integer('number').notNull(),
    status: text('status').$type<DeliveryStatus>().notNull(),
    /** Why it waits, or how it ended. */
    reason: text('reason').$type<DeliveryReason>(),
    attempts: integer('attempts').notNull().default(0),
    dueAt: instant('due_at').notNull(),
    /**
     * The message that tells of it, perhaps together with others: one of their ids. Null: none was made yet.
     */
    messageId: uuid('message_id'),
    firstAttemptAt: instant('first_attempt_at'),
    attemptedAt: instant('attempted_at'),
    sentAt: instant('sent_at'),
    /** What the far side calls the message. */
    externalId: text('external_id'),
    /** The message offers options that can be taken away once its brief is answered, and are not yet. */
    isOpen: boolean('is_open').notNull().default(false),
    error: text('error'),
    createdAt: instant('created_at').notNull(),
  },
  (t) => [
    uniqueIndex('deliveries_event_idx').on(t.briefId, t.channelId, t.number),
    /** Whether news of a brief waits to be sent already, however often it was told before. */
    index('deliveries_brief_due_idx').on(t.briefId, t.channelId).where(sql`status = 'pending'`),
    /** For the sweep of all channels, and for what one of them is sent. */
    index('deliveries_due_idx').on(t.dueAt, t.id).where(sql`status = 'pending'`),
    index('deliveries_channel_due_idx').on(t.channelId, t.dueAt).where(sql`status = 'pending'`),
    index('deliveries_sending_idx').on(t.attemptedAt).where(sql`status = 'sending'`),
    /** For the cool-down, the flood cap, and the list of a channel. */
    index('deliveries_channel_idx').on(t.channelId, t.createdAt, t.id),
    index('deliveries_attempted_idx').on(t.channelId, t.attemptedAt).where(sql`attempted_at is not null`),
    index('deliveries_user_idx').on(t.userId, t.createdAt, t.id),
    /** For what people reply to. */
    index('deliveries_external_idx').on(t.channelId, t.externalId).where(sql`external_id is not null`),
    index('deliveries_open_idx').on(t.sentAt).where(sql`is_open`),
    index('deliveries_old_idx').on(t.createdAt).where(sql`status not in ('pending', 'sending')`),
    check('deliveries_kind_check', oneOf(t.kind, NEWS_KINDS)),
    check('deliveries_status_check', oneOf(t.status, DELIVERY_STATUSES)),
    check('deliveries_reason_check', oneOf(t.reason, DELIVERY_REASONS)),
  ],
);

/**
 * A bot whose messages one of the servers asks for, or has Telegram report. Only one may ask: Telegram
 * refuses a second one. The row is a lease, which each cycle renews, or each look at where Telegram reports
 * to; and it remembers what was handled.
 */
export const polledBots = everbeat.table('polled_bots', {
  /** SHA-256 of the token and of the server of the bot, as hex. */
  key: text('key').primaryKey(),
  /** The process that asks. */
  owner: text('owner').notNull(),
  leasedUntil: instant('leased_until').notNull(),
  /** The enabled channels of the bot. No foreign key: a channel that is gone takes nothing. */
  channelIds: uuid('channel_ids').array().notNull(),
  /** When it was last answered. */
  polledAt: instant('polled_at'),
  /** Why it was not, with the remedy. */
  problem: text('problem'),
  /** The last ids of what was handled, oldest first. Everything before the last one is confirmed. */
  handledUpdates: integer('handled_updates').array().notNull().default([]),
  /** Where Telegram reports to, as it was told last. Null: it is asked. */
  webhookUrl: text('webhook_url'),
  /** SHA-256 of the secret that each report carries, as hex. */
  webhookSecret: text('webhook_secret'),
  /** When Telegram took both. Null: it has not, or not both. */
  webhookSetAt: instant('webhook_set_at'),
  /** When it was last looked where Telegram reports to. */
  webhookCheckedAt: instant('webhook_checked_at'),
});
