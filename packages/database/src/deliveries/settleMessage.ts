import { type BriefActionView, type DeliveryReason, LIMITS, toInstant } from '@everbeat/domain';
import { lockWait } from '../sql/lockWait';
import { firstRow, type Queryable } from '../sql/queryable';
import { toldTasks } from '../writes/looks';
import type { TakenMessage } from './takeMessage';

/** What names one attempt at a message: a later attempt, or a sweep, makes it void. */
type Attempt = Pick<TakenMessage, 'id' | 'attempts'> & { channel: { id: string } };

const OF_ATTEMPT = `d.message_id = $1::uuid and d.channel_id = $3::uuid and d.status = 'sending' and d.attempts = $2`;

/** `now`: the number of its value. */
const closed = (now: string): string => `closed as (
    update everbeat.briefs b set resolved_at = ${now}::timestamptz, updated_at = ${now}::timestamptz, resolved_action = 'recovered'
    from works c where b.channel_id = c.id and b.resolved_at is null
    returning b.id, b.task_id, b.user_id
  ), history as (
    insert into everbeat.task_activities (task_id, user_id, kind, reason, ref_id, created_at)
    select task_id, user_id, 'brief', 'recovered', id, ${now}::timestamptz from closed
  )`;

/**
 * Records that a message has arrived, and that its channel works, unless another process has taken it
 * meanwhile. Returns whether it was recorded.
 * @throws 55P03 when another session holds one of the rows; nothing was written then
 */
export async function recordSent(
  db: Queryable,
  { id, attempts, channel }: Attempt,
  { externalId, isOpen }: { externalId: string | null; isOpen: boolean },
  now: Date,
): Promise<boolean> {
  const row = await firstRow<{ sent: number }>(db, {
    name: 'everbeat_record_sent',
    text: `
      with sent as (
        update everbeat.deliveries d set status = 'sent', reason = null, error = null, sent_at = $4::timestamptz,
          external_id = $5, is_open = $6
        from ${lockWait('alone')} where ${OF_ATTEMPT}
        returning d.task_id, d.brief_id
      ), ${toldTasks('sent')}, works as (
        update everbeat.channels c set failing_since = null, problem = null, told_at = null, last_sent_at = $4::timestamptz
        where c.id = $3::uuid and exists (select 1 from sent)
        returning c.id
      ), ${closed('$4')}
      select (select count(*) from sent)::int as sent`,
    values: [id, attempts, channel.id, toInstant(now), externalId, isOpen],
  });
  return (row?.sent ?? 0) > 0;
}

/** How a message that was not sent, or may not have been, goes on. */
export interface FailedMessage {
  status: 'pending' | 'failed' | 'unknown';
  /** When it is tried again. */
  dueAt: Date | null;
  reason: DeliveryReason;
  /** What was wrong, with the remedy and without secrets. */
  error: string;
}

/**
 * Records it in the same way. What else is due for the channel waits as long, so that one that is away is not
 * called for each of them; what another session holds is left as it is. Returns since when the channel has
 * taken nothing; null: it was not recorded.
 * @throws 55P03 when another session holds one of the rows; nothing was written then
 */
export async function recordNotSent(
  db: Queryable,
  { id, attempts, channel }: Attempt,
  { status, dueAt, reason, error }: FailedMessage,
  now: Date,
): Promise<{ failingSince: Date; isTold: boolean } | null> {
  return firstRow(db, {
    name: 'everbeat_record_not_sent',
    text: `
      with ended as (
        update everbeat.deliveries d set status = $5, due_at = coalesce($6::timestamptz, d.due_at), error = $8,
          reason = case when $5 = 'pending' and d.reason = 'asked' then d.reason else $7 end
        from ${lockWait('alone')} where ${OF_ATTEMPT}
        returning 1
      ), others as (
        update everbeat.deliveries d set due_at = $6::timestamptz
        from (
          select o.id from everbeat.deliveries o
          where $5 = 'pending' and o.channel_id = $3::uuid and o.status = 'pending' and o.due_at < $6::timestamptz
          for update skip locked) o
        where d.id = o.id and exists (select 1 from ended)
      )
      update everbeat.channels c set failing_since = coalesce(c.failing_since, $4::timestamptz), problem = $8
      where c.id = $3::uuid and exists (select 1 from ended)
      returning c.failing_since as "failingSince", c.told_at is not null as "isTold"`,
    values: [
      id,
      attempts,
      channel.id,
      toInstant(now),
      status,
      dueAt === null ? null : toInstant(dueAt),
      reason,
      error,
    ],
  });
}

/**
 * Gives a message back that was not sent because of this server, not of its channel: it is due again soon.
 * @throws 55P03 when another session holds one of the rows; nothing was written then
 */
export async function giveBackMessage(
  db: Queryable,
  { id, attempts, channel }: Attempt,
  now: Date,
): Promise<void> {
  await db.query({
    name: 'everbeat_give_back_message',
    text: `
      update everbeat.deliveries d set status = 'pending',
        due_at = $4::timestamptz + make_interval(secs => ${LIMITS.deliveryLookSeconds})
      from ${lockWait('alone')} where ${OF_ATTEMPT}`,
    values: [id, attempts, channel.id, toInstant(now)],
  });
}

/**
 * Records that a channel works, after a trial that a person has made. What was to be tried again is due now.
 */
export async function recordChannelWorks(
  db: Queryable,
  { userId, channelId }: { userId: string; channelId: string },
  now: Date,
): Promise<void> {
  await db.query({
    name: 'everbeat_record_channel_works',
    text: `
      with works as (
        update everbeat.channels c set failing_since = null, problem = null, told_at = null, last_sent_at = $3::timestamptz
        where c.user_id = $1 and c.id = $2::uuid
        returning c.id
      ), due as (
        update everbeat.deliveries d set due_at = $3::timestamptz
        from works c where d.channel_id = c.id and d.status = 'pending' and d.reason in ('retry', 'asked')
      ), ${closed('$3')}
      select 1 from works`,
    values: [userId, channelId, toInstant(now)],
  });
}

/** Records that a channel did not take a trial that a person has made: it fails until something arrives. */
export async function recordChannelFails(
  db: Queryable,
  { userId, channelId, problem }: { userId: string; channelId: string; problem: string },
  now: Date,
): Promise<void> {
  await db.query({
    name: 'everbeat_record_channel_fails',
    text: `
      update everbeat.channels c set failing_since = coalesce(c.failing_since, $3::timestamptz), problem = $4
      where c.user_id = $1 and c.id = $2::uuid`,
    values: [userId, channelId, toInstant(now), problem],
  });
}

export interface ChannelBrief {
  id: string;
  channelId: string;
  title: string;
  summary: string;
  actions: BriefActionView[];
}

/**
 * Opens the one brief that says that a channel does not work, once until it works again. It belongs to the
 * task that the channel was to tell of last. Without one it is told later, when the channel fails again.
 */
export async function openChannelBrief(
  db: Queryable,
  { id, channelId, title, summary, actions }: ChannelBrief,
  now: Date,
): Promise<void> {
  await db.query({
    name: 'everbeat_open_channel_brief',
    text: `
      with told as (
        update everbeat.channels c set told_at = $3::timestamptz
        from (
          select d.task_id from everbeat.deliveries d join everbeat.tasks t on t.id = d.task_id
          where d.channel_id = $2::uuid and t.deleted_at is null order by d.created_at desc, d.id desc limit 1) l
        where c.id = $2::uuid and c.told_at is null
          and c.failing_since <= $3::timestamptz - make_interval(secs => ${LIMITS.channelFailingSeconds})
        returning c.id, c.user_id, l.task_id
      ), opened as (
        insert into everbeat.briefs (id, task_id, user_id, type, priority, title, summary, actions, channel_id, created_at, updated_at)
        select $1::uuid, c.task_id, c.user_id, 'error', 'normal', $4, $5, $6::jsonb, c.id, $3::timestamptz, $3::timestamptz
        from told c
        on conflict do nothing
        returning id, task_id, user_id
      )
      insert into everbeat.task_activities (task_id, user_id, kind, reason, ref_id, created_at)
      select task_id, user_id, 'brief', 'opened', id, $3::timestamptz from opened`,
    values: [id, channelId, toInstant(now), title, summary, JSON.stringify(actions)],
  });
}
