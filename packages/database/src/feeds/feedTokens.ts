import { toInstant } from '@everbeat/domain';
import { firstRow, type Queryable } from '../sql/queryable';

/** When the addresses of a user's feeds were made. Null: there are none. */
export async function readFeedTokenDate(db: Queryable, userId: string): Promise<Date | null> {
  const row = await firstRow<{ createdAt: Date }>(db, {
    name: 'everbeat_read_feed_token',
    text: `select f.created_at as "createdAt" from everbeat.feed_tokens f where f.user_id = $1`,
    values: [userId],
  });
  return row?.createdAt ?? null;
}

/** The user whose feeds have an address with this token. Null: nobody's have. Reads the unique index. */
export async function findFeedOwner(db: Queryable, tokenHash: string): Promise<string | null> {
  const row = await firstRow<{ userId: string }>(db, {
    name: 'everbeat_find_feed_owner',
    text: `select f.user_id as "userId" from everbeat.feed_tokens f where f.token_hash = $1`,
    values: [tokenHash],
  });
  return row?.userId ?? null;
}

/** Replaces the token before it, whose addresses are dead from now on. */
export async function writeFeedToken(
  db: Queryable,
  { userId, tokenHash }: { userId: string; tokenHash: string },
  now: Date,
): Promise<void> {
  await db.query({
    name: 'everbeat_write_feed_token',
    text: `
      insert into everbeat.feed_tokens (user_id, token_hash, created_at) values ($1, $2, $3::timestamptz)
      on conflict (user_id) do update set token_hash = excluded.token_hash, created_at = excluded.created_at`,
    values: [userId, tokenHash, toInstant(now)],
  });
}

export async function deleteFeedToken(db: Queryable, userId: string): Promise<void> {
  await db.query({
    name: 'everbeat_delete_feed_token',
    text: 'delete from everbeat.feed_tokens f where f.user_id = $1',
    values: [userId],
  });
}
