import {
  type BriefActionView,
  type BriefPriority,
  type BriefPurpose,
  type ChannelState,
  type DeliveryPlan,
  type DueDelivery,
  LIMITS,
  type NewsKind,
  type PlannedMessage,
  toInstant,
} from '@everbeat/domain';
import type { Pool } from 'pg';
import { allRows, firstRow, type Queryable } from '../sql/queryable';
import { questionHash } from '../sql/question';
import { inTransaction } from '../writes/transaction';
import { CHANNEL, type StoredChannel } from './channels';

/** Channels that something is due for, but these. Reads deliveries_due_idx. */
export const findDueChannels = (
  db: Queryable,
  { now, limit, except }: { now: Date; limit: number; except: readonly string[] },
): Promise<{ channelId: string; deliveryId: string; attempts: number }[]> =>
  allRows(db, {
    name: 'everbeat_find_due_channels',
    text: `
      select distinct on (d.channel_id) d.channel_id as "channelId", d.id as "deliveryId", d.attempts
      from (
        select channel_id, id, attempts, due_at from everbeat.deliveries
        where status = 'pending' and due_at <= $1::timestamptz and channel_id <> all($3::uuid[]) order by due_at, id limit ${LIMITS.deliveriesPerLookMax}
      ) d
      order by d.channel_id, d.due_at, d.id limit $2`,
    values: [toInstant(now), limit, except],
  });

/** When the next delivery is due that is not due yet. Null: none. Reads deliveries_due_idx. */
export async function nextDeliveryDue(db: Queryable, now: Date): Promise<Date | null> {
  const row = await firstRow<{ dueAt: Date | null }>(db, {
    name: 'everbeat_next_delivery_due',
    text: `
      select min(due_at) as "dueAt" from everbeat.deliveries
      where status = 'pending' and due_at > $1::timestamptz`,
    values: [toInstant(now)],
  });
  return row?.dueAt ?? null;
}

/** One delivery of a message, with the brief that it tells of. Title and summary are text from outside. */
export interface ToldBrief {
  deliveryId: string;
  kind: NewsKind;
  purpose: BriefPurpose | null;
  briefId: string;
  taskId: string;
  taskIdentifier: string;
  taskName: string;
  title: string;
  summary: string;
  /** The summary is the beginning of a longer one. */
  isCut: boolean;
  priority: BriefPriority;
  actions: BriefActionView[];
  /** Of all that it asks, also of what is not read here. */
  questionHash: string;
  occurrences: number;
  createdAt: Date;
  /** Since when it asks what it asks now. */
  askedAt: Date;
  expiresAt: Date | null;
  defaultAction: string | null;
  resolvedAt: Date | null;
}

/** A message that was taken: nobody else sends it, unless whoever took it is gone for long. */
export interface TakenMessage {
  /** The same for every attempt. */
  id: string;
  as: PlannedMessage['as'];
  attempts: number;
  firstAttemptAt: Date;
  channel: StoredChannel;
  userId: string;
  timezone: string;
  /** How many messages may not have arrived since the last one that has. */
  unknownBefore: number;
  briefs: ToldBrief[];
}

interface LockedChannel extends StoredChannel {
  userId: string;
  timezone: string | null;
  unknownBefore: number;
  lastHour: Date[];
}

type Decide = (channel: ChannelState, due: DueDelivery[]) => DeliveryPlan;

/**
 * Decides about what is due for a channel, and takes the next message to send, in one transaction that holds
 * the channel: two senders never decide about one channel at the same time. `busy`: another one is at it.
 * @throws contention when another session holds one of the rows
 */
export function takeMessage(
  pool: Pool,
  channelId: string,
  { now, decide }: { now: Date; decide: Decide },
): Promise<TakenMessage | 'busy' | null> {
  return inTransaction(pool, async (client) => {
    const channel = await firstRow<LockedChannel>(client, {
      text: LOCK,
      values: [channelId, toInstant(now)],
    });
    if (channel === null) return (await skipOfDeleted(client, channelId)) ? null : 'busy';
    const due = await allRows<DueRow>(client, { text: DUE, values: [channelId, toInstant(now)] });
    const { userId, lastHour, unknownBefore, ...stored } = channel;
    const timezone = channel.timezone ?? 'UTC';
    const lastOfTask = new Map(
      due.flatMap(({ taskId, lastOfTask: last }) => (last === null ? [] : [[taskId, last] as const])),
    );
    const plan = decide({ ...stored, timezone, unknownBefore, lastHour, lastOfTask }, due);
    const id = messageIdOf(plan.message, due);
    const taken = await write(client, plan, { messageId: id, due }, now);
    const [first] = taken;
    if (plan.message === null || id === null || first === undefined) return null;
    const briefs = await readToldBriefs(
      client,
      taken.map((row) => row.id),
    );
    const { attempts, firstAttemptAt } = first;
    const { as } = plan.message;
    return { id, as, attempts, firstAttemptAt, channel: stored, userId, timezone, unknownBefore, briefs };
  });
}

type DueRow = DueDelivery & { lastOfTask: Date | null; attempts: number };

const LOCK = `
  select ${CHANNEL.of('c')}, c.user_id as "userId", u.timezone,
    (select count(distinct d.message_id)::int from everbeat.deliveries d
      where d.channel_id = c.id and d.status = 'unknown' and d.attempted_at > coalesce(c.last_sent_at, '-infinity')) as "unknownBefore",
    array(
      select max(d.attempted_at) from everbeat.deliveries d
      where d.channel_id = c.id and d.attempted_at > $2::timestamptz - interval '1 hour'
        and d.attempted_at <= $2::timestamptz and d.status in ('sending', 'sent', 'unknown')
      group by d.message_id order by 1) as "lastHour"
  from everbeat.channels c join everbeat.users u on u.id = c.user_id
  where c.id = $1::uuid for no key update of c skip locked`;

const DUE = `
  select d.id, d.brief_id as "briefId", d.task_id as "taskId", d.kind, d.reason, d.message_id as "messageId",
    d.attempts, d.created_at as "createdAt", coalesce(r.rules ->> d.kind, c.rules ->> d.kind, 'never') as rule,
    b.read_at is not null as "isSeen", b.resolved_at is not null as "isResolved", t.muted_at is not null as "isMuted",
    t.deleted_at is not null as "isTaskDeleted",
    case when d.kind <> 'recovered' then 'yes' else (
      select case when bool_or(o.status in ('sent', 'unknown')) then 'yes'
        when bool_or(o.status in ('sending', 'pending')) then 'not-yet' else 'no' end
      from everbeat.deliveries o
      where o.brief_id = d.brief_id and o.channel_id = d.channel_id and o.number < d.number and o.kind <> 'recovered'
    ) end as told,
    (select max(o.attempted_at) from everbeat.deliveries o
      where o.channel_id = d.channel_id and o.task_id = d.task_id and o.attempted_at <= $2::timestamptz
        and o.attempted_at > $2::timestamptz - make_interval(mins => c.cool_down_minutes)
        and o.status in ('sending', 'sent', 'unknown')) as "lastOfTask"
  from everbeat.deliveries d
  join everbeat.channels c on c.id = d.channel_id
  join everbeat.briefs b on b.id = d.brief_id
  join everbeat.tasks t on t.id = d.task_id
  left join everbeat.channel_task_rules r on r.task_id = d.task_id and r.channel_id = d.channel_id
  where d.channel_id = $1::uuid and d.status = 'pending' and d.due_at <= $2::timestamptz
  order by d.due_at, d.id limit ${LIMITS.deliveriesPerLookMax}
  for update of d skip locked`;

/** A message that is tried again keeps its id. */
function messageIdOf(message: PlannedMessage | null, due: readonly DueRow[]): string | null {
  const [first] = message?.ids ?? [];
  if (first === undefined) return null;
  return due.find(({ id }) => id === first)?.messageId ?? first;
}

/** Returns the deliveries of the message, which are being sent now. */
async function write(
  db: Queryable,
  { skips, waits, message }: DeliveryPlan,
  { messageId, due }: { messageId: string | null; due: readonly DueRow[] },
  now: Date,
): Promise<{ id: string; attempts: number; firstAttemptAt: Date }[]> {
  const sent = message?.ids ?? [];
  // The outcome is recorded of the attempt, so it is one for all of them, however often each was sent before.
  const attempt =
    1 + Math.max(0, ...due.flatMap(({ id, attempts }) => (sent.includes(id) ? [attempts] : [])));
  const changes = [
    ...skips.map(({ id, reason }) => ({ id, status: 'skipped', reason })),
    ...waits.map(({ id, until, reason }) => ({ id, status: 'pending', reason, due_at: toInstant(until) })),
    ...sent.map((id) => ({ id, status: 'sending', message_id: messageId, attempt })),
  ];
  if (changes.length === 0) return [];
  const rows = await allRows<{ id: string; attempts: number; firstAttemptAt: Date; status: string }>(db, {
    name: 'everbeat_decide_deliveries',
    text: `
      update everbeat.deliveries d set status = w.status, due_at = coalesce(w.due_at, d.due_at),
        reason = coalesce(w.reason, d.reason), message_id = coalesce(w.message_id, d.message_id),
        attempts = case w.status when 'sending' then w.attempt else d.attempts end,
        attempted_at = case w.status when 'sending' then $2::timestamptz else d.attempted_at end,
        first_attempt_at = case w.status when 'sending' then coalesce(d.first_attempt_at, $2::timestamptz) else d.first_attempt_at end
      from jsonb_to_recordset($1::jsonb) as w(id uuid, status text, reason text, due_at timestamptz, message_id uuid, attempt int)
      where d.id = w.id and d.status = 'pending'
      returning d.id, d.attempts, d.first_attempt_at as "firstAttemptAt", d.status`,
    values: [JSON.stringify(changes), toInstant(now)],
  });
  return rows.filter(({ status }) => status === 'sending');
}

/** Whether the channel is gone. What was to be sent to it is skipped then. */
async function skipOfDeleted(db: Queryable, channelId: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `update everbeat.deliveries d set status = 'skipped', reason = 'channel-off'
     where d.channel_id = $1::uuid and d.status = 'pending'
       and not exists (select 1 from everbeat.channels c where c.id = $1::uuid)`,
    [channelId],
  );
  return (rowCount ?? 0) > 0;
}

/** The newest first. */
export const readToldBriefs = (db: Queryable, deliveryIds: readonly string[]): Promise<ToldBrief[]> =>
  allRows<ToldBrief>(db, {
    text: `
      select d.id as "deliveryId", d.kind, b.purpose, b.id as "briefId", t.id as "taskId", t.identifier as "taskIdentifier",
        t.name as "taskName", b.title, left(b.summary, ${LIMITS.toldSummaryCharsMax}) as summary,
        char_length(b.summary) > ${LIMITS.toldSummaryCharsMax} as "isCut", b.priority, b.actions,
        ${questionHash('b')} as "questionHash", b.occurrences, b.created_at as "createdAt",
        coalesce(b.asked_at, b.created_at) as "askedAt", b.expires_at as "expiresAt", b.default_action as "defaultAction",
        b.resolved_at as "resolvedAt"
      from everbeat.deliveries d
      join everbeat.briefs b on b.id = d.brief_id
      join everbeat.tasks t on t.id = d.task_id
      where d.id = any($1::uuid[]) order by d.created_at desc, b.id desc`,
    values: [deliveryIds],
  });
