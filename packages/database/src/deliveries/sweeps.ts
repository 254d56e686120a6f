import { LIMITS, toInstant } from '@everbeat/domain';
import type { Queryable } from '../sql/queryable';

/**
 * Ends what a process that is gone was sending: it may have arrived, so it is not sent again, unless the
 * channel takes a message once however often it is sent, and at most for a day. Also makes due what a clock
 * that was ahead has put off too far. Returns how many deliveries were found. Reads deliveries_sending_idx
 * and deliveries_due_idx.
 */
export async function recoverDeliveries(
  db: Queryable,
  { now, idempotentKinds, limit }: { now: Date; idempotentKinds: readonly string[]; limit: number },
): Promise<number> {
  const { rows } = await db.query<{ found: number }>({
    name: 'everbeat_recover_deliveries',
    text: `
      with lost as (
        update everbeat.deliveries d
        set status = case when c.kind is null or c.kind <> all($2::text[]) then 'unknown'
            when ${IS_GIVEN_UP} then 'failed' else 'pending' end,
          reason = case when c.kind is null or c.kind <> all($2::text[]) then 'lost'
            when ${IS_GIVEN_UP} then 'gave-up' else case d.reason when 'asked' then 'asked' else 'retry' end end,
          due_at = $1::timestamptz,
          error = 'The server was stopped while it sent this, so it may have arrived or not.'
        from (
          select s.id, s.channel_id from everbeat.deliveries s
          where s.status = 'sending' and (s.attempted_at < $1::timestamptz - ${LOST_AFTER}
            or s.attempted_at > $1::timestamptz + ${LOST_AFTER})
          limit $3 for update skip locked) s
        left join everbeat.channels c on c.id = s.channel_id
        where d.id = s.id
        returning 1
      ), early as (
        update everbeat.deliveries d set due_at = $1::timestamptz
        from (
          select p.id from everbeat.deliveries p
          where p.status = 'pending' and p.due_at > $1::timestamptz + interval '2 days'
          limit $3 for update skip locked) p
        where d.id = p.id
        returning 1
      )
      select ((select count(*) from lost) + (select count(*) from early))::int as found`,
    values: [toInstant(now), idempotentKinds, limit],
  });
  return rows[0]?.found ?? 0;
}

/** It has been tried for as long as any message is, and may be what ends the process. */
const IS_GIVEN_UP = `d.first_attempt_at < $1::timestamptz - make_interval(secs => ${LIMITS.deliveryRetrySecondsMax})`;

const LOST_AFTER = `make_interval(secs => ${LIMITS.deliveryLostSeconds})`;

/** Removes up to `limit` deliveries that have ended long ago, by both clocks. Reads deliveries_old_idx. */
export async function removeOldDeliveries(db: Queryable, now: Date, limit: number): Promise<number> {
  const { rowCount } = await db.query({
    name: 'everbeat_remove_old_deliveries',
    text: `
      delete from everbeat.deliveries where id = any(array(
        select d.id from everbeat.deliveries d
        where d.status not in ('pending', 'sending')
          and d.created_at < least($1::timestamptz, now()) - make_interval(days => ${LIMITS.keptDeliveriesDays})
        order by d.created_at limit $2 for update skip locked))`,
    values: [toInstant(now), limit],
  });
  return rowCount ?? 0;
}

/**
 * Skips what a restored backup was about to send, and leaves messages as they are that were sent: the
 * installation that it was made of has sent it, or will. What Telegram reports is that one's, too, until a
 * person has it otherwise. Returns how many deliveries were skipped.
 */
export async function skipRestored(db: Queryable): Promise<number> {
  await db.query('update everbeat.deliveries set is_open = false where is_open');
  await db.query(
    'update everbeat.polled_bots set webhook_url = null, webhook_secret = null, webhook_set_at = null',
  );
  const { rowCount } = await db.query(
    `update everbeat.deliveries set status = 'skipped', reason = 'restored' where status in ('pending', 'sending')`,
  );
  return rowCount ?? 0;
}
