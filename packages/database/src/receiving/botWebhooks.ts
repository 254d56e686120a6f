import { LIMITS, toInstant } from '@everbeat/domain';
import { CHANNEL } from '../deliveries/channels';
import { allRows, firstRow, type Queryable } from '../sql/queryable';
import { LEASE, remembering } from './botRows';
import type { BotLease, ReceivingChannel } from './polledBots';

/** Where Telegram reports what is sent to a bot, as it is recorded. */
export interface StoredWebhook {
  key: string;
  /** The enabled channels of the bot. */
  channelIds: string[];
  /** Null: it was told no address. */
  url: string | null;
  /** Whether Telegram has taken the address and the secret. */
  isSet: boolean;
  checkedAt: Date | null;
  /** Why nothing is heard, with the remedy. */
  problem: string | null;
}

const WEBHOOK = `p.key, p.channel_ids as "channelIds", p.webhook_url as url,
        p.webhook_set_at is not null as "isSet", p.webhook_checked_at as "checkedAt", p.problem`;

export const readWebhooks = (db: Queryable, keys: readonly string[]): Promise<StoredWebhook[]> =>
  allRows<StoredWebhook>(db, {
    name: 'everbeat_read_webhooks',
    text: `
      select ${WEBHOOK}
      from everbeat.polled_bots p where p.key = any($1::text[])`,
    values: [keys],
  });

/**
 * Those that may still be set, of bots without an enabled channel, those first that were not looked at for
 * longest.
 */
export const readLeftWebhooks = (db: Queryable): Promise<StoredWebhook[]> =>
  allRows<StoredWebhook>(db, {
    name: 'everbeat_read_left_webhooks',
    text: `
      select ${WEBHOOK}
      from everbeat.polled_bots p
      where p.webhook_url is not null
        and not exists (select 1 from everbeat.channels c where c.id = any(p.channel_ids) and c.is_enabled)
      order by p.webhook_checked_at, p.key limit ${LIMITS.receivingChannelsMax}`,
    values: [],
  });

/**
 * Takes a bot for a look at where Telegram reports to, and records its channels. Null: another process is at
 * it, or asks for what is sent to the bot. `owner`: of this look alone.
 */
export const leaseWebhook = (
  db: Queryable,
  { key, owner }: BotLease,
  channelIds: readonly string[],
  now: Date,
): Promise<Pick<StoredWebhook, 'url' | 'isSet'> | null> =>
  firstRow<Pick<StoredWebhook, 'url' | 'isSet'>>(db, {
    name: 'everbeat_lease_webhook',
    text: `
      insert into everbeat.polled_bots as p (key, owner, leased_until, channel_ids, webhook_checked_at)
      values ($1, $2, $3::timestamptz + ${LEASE}, $4::uuid[], $3::timestamptz)
      on conflict (key) do update set owner = excluded.owner, leased_until = excluded.leased_until,
        channel_ids = excluded.channel_ids, webhook_checked_at = excluded.webhook_checked_at
      where p.leased_until <= $3::timestamptz or p.leased_until > $3::timestamptz + 2 * ${LEASE}
      returning p.webhook_url as url, p.webhook_set_at is not null as "isSet"`,
    values: [key, owner, toInstant(now), channelIds],
  });

/** Stores a secret before Telegram is told it. False: another process has the bot meanwhile. */
export async function beginWebhook(
  db: Queryable,
  { key, owner }: BotLease,
  secretHash: string,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'everbeat_begin_webhook',
    text: `
      update everbeat.polled_bots set webhook_secret = $3, webhook_set_at = null
      where key = $1 and owner = $2`,
    values: [key, owner, secretHash],
  });
  return rowCount === 1;
}

/** Ends a look, and records what it has found. */
export async function endWebhook(
  db: Queryable,
  { key, owner }: BotLease,
  { url, isSet, problem }: Pick<StoredWebhook, 'url' | 'isSet' | 'problem'>,
  now: Date,
): Promise<void> {
  await db.query({
    name: 'everbeat_end_webhook',
    text: `
      update everbeat.polled_bots set webhook_url = $3, problem = $5, leased_until = $6::timestamptz,
        webhook_set_at = case when $4 then coalesce(webhook_set_at, $6::timestamptz) end
      where key = $1 and owner = $2`,
    values: [key, owner, url, isSet, problem, toInstant(now)],
  });
}

/**
 * Telegram reports nothing of the bot any more: the process with the lease asks for it. It asks for all that
 * was not confirmed, because a report that came to nothing may be older than the last one that was handled.
 */
export async function forgetWebhook(db: Queryable, { key, owner }: BotLease): Promise<void> {
  await db.query({
    text: `
      update everbeat.polled_bots set webhook_url = null, webhook_secret = null, webhook_set_at = null,
        handled_updates = '{}'
      where key = $1 and owner = $2`,
    values: [key, owner],
  });
}

/** What a report about a bot is checked with. */
export interface ReportedBot {
  secretHash: string;
  channelIds: string[];
  /** The ids of updates that were handled lately. */
  handled: number[];
}

/** Null: nothing is reported of such a bot. */
export const readReportedBot = (db: Queryable, key: string): Promise<ReportedBot | null> =>
  firstRow<ReportedBot>(db, {
    name: 'everbeat_read_reported_bot',
    text: `
      select p.webhook_secret as "secretHash", p.channel_ids as "channelIds", p.handled_updates as handled
      from everbeat.polled_bots p where p.key = $1 and p.webhook_secret is not null`,
    values: [key],
  });

/** Those of these channels that are enabled and of the kind, of all users. */
export const readEnabledChannels = (
  db: Queryable,
  ids: readonly string[],
  kind: string,
): Promise<ReceivingChannel[]> =>
  allRows<ReceivingChannel>(db, {
    name: 'everbeat_read_enabled_channels',
    text: `
      select ${CHANNEL.of('c')}, c.user_id as "userId" from everbeat.channels c
      where c.id = any($1::uuid[]) and c.kind = $2 and c.is_enabled order by c.id limit ${LIMITS.receivingChannelsMax}`,
    values: [ids, kind],
  });

/** Records that a reported update was handled. False: it was recorded before. */
export async function recordReported(db: Queryable, key: string, updateId: number): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'everbeat_record_reported',
    text: `
      update everbeat.polled_bots set
        handled_updates = ${remembering('$2::int')}
      where key = $1 and $2::int <> all(handled_updates)`,
    values: [key, updateId],
  });
  return rowCount === 1;
}
