import type { Pool } from 'pg';
import type { Queryable } from '../src/sql/queryable';

/** How many rows of the table a read looks at, from the session's statistics. */
export async function rowsLookedAt(
  pool: Pool,
  table: string,
  read: (db: Queryable) => Promise<unknown>,
): Promise<number> {
  const client = await pool.connect();
  const count = async (): Promise<number> => {
    const { rows } = await client.query<{ count: number }>(
      `select (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as count from pg_stat_xact_user_tables where relname = $1`,
      [table],
    );
    return rows[0]?.count ?? 0;
  };
  try {
    await client.query('begin');
    const before = await count();
    await read(client);
    return (await count()) - before;
  } finally {
    await client.query('rollback');
    client.release();
  }
}
