import { toInstant } from '@everbeat/domain';
import { z } from 'zod';
import { firstRow, type Queryable } from '../sql/queryable';

/** The keys with which this installation signs its push messages, the private one sealed. */
const pushKeysSchema = z.object({ publicKey: z.string(), privateKey: z.string() });
export type StoredPushKeys = z.infer<typeof pushKeysSchema>;

/** Null: none were made yet. */
export async function readPushKeys(db: Queryable): Promise<StoredPushKeys | null> {
  const row = await firstRow<{ value: unknown }>(db, {
    name: 'everbeat_read_push_keys',
    text: `select value from everbeat.system_state where key = 'push'`,
  });
  return row === null ? null : pushKeysSchema.parse(row.value);
}

/** Keeps the first ones, whoever makes them: devices have subscribed with them since. */
export async function keepPushKeys(db: Queryable, keys: StoredPushKeys, now: Date): Promise<void> {
  await db.query(
    `insert into everbeat.system_state (key, value, updated_at) values ('push', $1::jsonb, $2::timestamptz)
     on conflict (key) do nothing`,
    [JSON.stringify(keys), toInstant(now)],
  );
}

/** Replaces the private key by the same one, sealed otherwise, if it is still as it was read. */
export async function replacePushKey(
  db: Queryable,
  { from, to }: { from: string; to: string },
): Promise<void> {
  await db.query(
    `update everbeat.system_state set value = jsonb_set(value, '{privateKey}', to_jsonb($2::text))
     where key = 'push' and value ->> 'privateKey' = $1`,
    [from, to],
  );
}
