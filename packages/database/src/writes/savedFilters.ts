import { LIMITS, type SavedFilterView, toInstant } from '@everbeat/domain';
import type { Pool } from 'pg';
import { allRows, firstRow, type Queryable } from '../sql/queryable';
import { inTransaction } from './transaction';

/** By name. */
export async function readSavedFilters(db: Queryable, userId: string): Promise<SavedFilterView[]> {
  return allRows<SavedFilterView>(db, {
    name: 'everbeat_read_saved_filters',
    text: 'select f.name, f.query from everbeat.saved_filters f where f.user_id = $1 order by lower(f.name), f.name',
    values: [userId],
  });
}

/**
 * Replaces the one of the same name. False: there are as many as a person may have. A person's are saved one
 * after another: the statement that counts them begins once the lock is held, so it sees what the holder
 * before has saved.
 */
export async function saveFilter(
  pool: Pool,
  { userId, name, query }: SavedFilterView & { userId: string },
  now: Date,
): Promise<boolean> {
  return inTransaction(pool, async (client) => {
    await client.query(`select pg_advisory_xact_lock(hashtextextended('everbeat-saved-filters:' || $1, 0))`, [
      userId,
    ]);
    const row = await firstRow<{ name: string }>(client, {
      name: 'everbeat_save_filter',
      text: `
        with others as (
          select count(*)::int as n from everbeat.saved_filters f where f.user_id = $1 and f.name <> $2
        )
        insert into everbeat.saved_filters (user_id, name, query, created_at)
        select $1, $2, $3, $4::timestamptz from others where n < ${LIMITS.savedFiltersMax}
        on conflict (user_id, name) do update set query = excluded.query
        returning name`,
      values: [userId, name, query, toInstant(now)],
    });
    return row !== null;
  });
}

export async function deleteSavedFilter(
  db: Queryable,
  { userId, name }: { userId: string; name: string },
): Promise<void> {
  await db.query({
    name: 'everbeat_delete_saved_filter',
    text: 'delete from everbeat.saved_filters where user_id = $1 and name = $2',
    values: [userId, name],
  });
}
