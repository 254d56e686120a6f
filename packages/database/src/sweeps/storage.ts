import { toInstant } from '@everbeat/domain';
import { firstRow, type Queryable } from '../sql/queryable';

export interface StorageSize {
  /** The size of all tables of Everbeat, with their indexes. */
  bytes: number;
  /** The size of the whole database. */
  databaseBytes: number;
}

/** Looks at the sizes of the files, not at rows. */
export async function measureStorage(db: Queryable): Promise<StorageSize> {
  const row = await firstRow<{ bytes: string; database_bytes: string }>(db, {
    name: 'everbeat_measure_storage',
    text: `
      select coalesce(sum(pg_total_relation_size(c.oid)), 0) as bytes,
        pg_database_size(current_database()) as database_bytes
      from pg_class c
      where c.relkind = 'r' and c.relnamespace = 'everbeat'::regnamespace`,
  });
  return { bytes: Number(row?.bytes ?? 0), databaseBytes: Number(row?.database_bytes ?? 0) };
}

/** What the watchdog noted about the size, as it is stored. Null before the first measurement. */
export async function readStorageRecord(db: Queryable): Promise<unknown> {
  const row = await firstRow<{ value: unknown }>(db, {
    name: 'everbeat_read_storage',
    text: `select value from everbeat.system_state where key = 'storage'`,
  });
  return row?.value ?? null;
}

export async function writeStorageRecord(db: Queryable, record: object, now: Date): Promise<void> {
  await db.query({
    name: 'everbeat_write_storage',
    text: `
      insert into everbeat.system_state (key, value, updated_at) values ('storage', $1::jsonb, $2::timestamptz)
      on conflict (key) do update set value = excluded.value, updated_at = excluded.updated_at`,
    values: [JSON.stringify(record), toInstant(now)],
  });
}
