import type { Queryable } from '../sql/queryable';

/** As drizzle's own tools know it. */
export const MIGRATIONS_TABLE = 'everbeat.__drizzle_migrations';

/**
 * The migrations that the database has, by the time at which each was written (ms since 1970), which names
 * it.
 */
export async function readApplied(db: Queryable): Promise<Set<number>> {
  const { rows } = await db.query<{ is_there: boolean }>(
    `select to_regclass('${MIGRATIONS_TABLE}') is not null as is_there`,
  );
  if (!rows[0]?.is_there) return new Set();
  const applied = await db.query<{ time: string }>(`select created_at as time from ${MIGRATIONS_TABLE}`);
  return new Set(applied.rows.map(({ time }) => Number(time)));
}
