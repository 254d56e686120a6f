import { type ChannelKind, LIMITS, toInstant } from '@everbeat/domain';
import { CHANNEL, type StoredChannel } from '../deliveries/channels';
import { allRows, firstRow, type Queryable } from '../sql/queryable';
import { LEASE, remembering } from './botRows';

export type ReceivingChannel = StoredChannel & { userId: string };

/**
 * The channels of a kind, of all users, in the order in which they were made: those that are enabled, or the
 * others.
 */
export const readReceivingChannels = (
  db: Queryable,
  { kind, isEnabled }: { kind: ChannelKind; isEnabled: boolean },
): Promise<ReceivingChannel[]> =>
  allRows<ReceivingChannel>(db, {
    name: 'everbeat_read_receiving_channels',
    text: `
      select ${CHANNEL.of('c')}, c.user_id as "userId" from everbeat.channels c
      where c.kind = $1 and c.is_enabled = $2 order by c.id limit ${LIMITS.receivingChannelsMax}`,
    values: [kind, isEnabled],
  });

export interface BotLease {
  key: string;
  /** The process that asks. */
  owner: string;
}

/**
 * Takes or renews the lease on a bot for a while, and records what became of the last call. Returns the ids
 * that were handled; null: another process has the lease. One that lies too far ahead, after a clock was,
 * counts as over.
 */
export async function leaseBot(
  db: Queryable,
  { key, owner }: BotLease,
  {
    channelIds,
    isAnswered,
    problem,
  }: { channelIds: readonly string[]; isAnswered: boolean; problem: string | null },
  now: Date,
): Promise<number[] | null> {
  const row = await firstRow<{ handled: number[] }>(db, {
    name: 'everbeat_lease_bot',
    text: `
      insert into everbeat.polled_bots as p (key, owner, leased_until, channel_ids, polled_at, problem)
      values ($1, $2, $3::timestamptz + ${LEASE}, $4::uuid[], case when $5 then $3::timestamptz end, $6)
      on conflict (key) do update set owner = excluded.owner, leased_until = excluded.leased_until,
        channel_ids = excluded.channel_ids, polled_at = coalesce(excluded.polled_at, p.polled_at),
        problem = excluded.problem
      where p.owner = excluded.owner or p.leased_until <= $3::timestamptz
        or p.leased_until > $3::timestamptz + 2 * ${LEASE}
      returning p.handled_updates as handled`,
    values: [key, owner, toInstant(now), channelIds, isAnswered, problem],
  });
  return row?.handled ?? null;
}

/** Records that an update was handled, and renews the lease. False: another process has it meanwhile. */
export async function recordHandled(
  db: Queryable,
  { key, owner }: BotLease,
  updateId: number,
  now: Date,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'everbeat_record_handled',
    text: `
      update everbeat.polled_bots set leased_until = $4::timestamptz + ${LEASE},
        handled_updates = ${remembering('$3::int')}
      where key = $1 and owner = $2`,
    values: [key, owner, updateId, toInstant(now)],
  });
  return rowCount === 1;
}

/** Lets another process ask for what is sent to the bot. `forget`: no channel has it any more. */
export async function releaseBot(
  db: Queryable,
  { key, owner }: BotLease,
  { forget }: { forget: boolean },
  now: Date,
): Promise<void> {
  await db.query(
    forget
      ? { text: 'delete from everbeat.polled_bots where key = $1 and owner = $2', values: [key, owner] }
      : {
          text: 'update everbeat.polled_bots set leased_until = $3::timestamptz where key = $1 and owner = $2',
          values: [key, owner, toInstant(now)],
        },
  );
}

/** Whether a process asks for what is sent to a bot, or has it reported. */
export async function isBotTaken(db: Queryable, key: string, now: Date): Promise<boolean> {
  const { rowCount } = await db.query({
    text: `
      select 1 from everbeat.polled_bots
      where key = $1 and (leased_until > $2::timestamptz or webhook_set_at is not null)`,
    values: [key, toInstant(now)],
  });
  return rowCount === 1;
}

export interface Receiving {
  channelId: string;
  /** The key of its bot. */
  key: string;
  /** When the bot of the channel was last asked and has answered. */
  polledAt: Date | null;
  /** Since when Telegram reports what is sent to it. */
  webhookSetAt: Date | null;
  /** Where to. */
  webhookUrl: string | null;
  /** Why it has not, with the remedy. */
  problem: string | null;
}

/** What is received from the bots of these channels. Of one that no server has taken: nothing. */
export const readReceiving = (db: Queryable, channelIds: readonly string[]): Promise<Receiving[]> =>
  allRows<Receiving>(db, {
    name: 'everbeat_read_receiving',
    text: `
      select distinct on (c.id) c.id as "channelId", p.key, p.polled_at as "polledAt",
        p.webhook_set_at as "webhookSetAt", p.webhook_url as "webhookUrl", p.problem
      from unnest($1::uuid[]) as c(id) join everbeat.polled_bots p on c.id = any(p.channel_ids)
      order by c.id, p.leased_until desc`,
    values: [channelIds],
  });

/**
 * Removes up to `limit` rows of bots that no server has looked after for long, by both clocks: their channels
 * are gone, or have other bots. A bot whose channel is enabled was not looked after because no server ran:
 * what its row knows is needed.
 */
export async function removeForgottenBots(db: Queryable, now: Date, limit: number): Promise<number> {
  const { rowCount } = await db.query({
    name: 'everbeat_remove_forgotten_bots',
    text: `
      delete from everbeat.polled_bots where key = any(array(
        select p.key from everbeat.polled_bots p
        where greatest(p.leased_until, p.webhook_checked_at)
          < least($1::timestamptz, now()) - make_interval(secs => ${LIMITS.forgottenBotSeconds})
          and not exists (select 1 from everbeat.channels c where c.id = any(p.channel_ids) and c.is_enabled)
        order by p.key limit $2 for update skip locked))`,
    values: [toInstant(now), limit],
  });
  return rowCount ?? 0;
}
