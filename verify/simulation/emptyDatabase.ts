import type pg from 'pg';

/** `truncate` also shrinks the indexes, which grow with each deletion. */
const TRUNCATE_EVERY = 100;
const emptied = new WeakMap<pg.Pool, number>();

/**
 * Empties all tables and gives back their pages: the place of rows decides the order in which an unsorted
 * statement returns them, and so must not depend on earlier seeds. Delete and vacuum take a fraction of the
 * time of `truncate`.
 */
export async function emptyDatabase(pool: pg.Pool): Promise<void> {
  const times = emptied.get(pool) ?? 0;
  emptied.set(pool, times + 1);
  if (times % TRUNCATE_EVERY === 0) {
    await pool.query('truncate everbeat.users, everbeat.system_state, everbeat.task_activities cascade');
    return;
  }
  await pool.query(
    'delete from everbeat.users; delete from everbeat.task_activities; delete from everbeat.system_state',
  );
  const { rows } = await pool.query<{ tables: string }>(
    `select string_agg(format('%I.%I', schemaname, tablename), ', ') as tables from pg_tables where schemaname = 'everbeat'`,
  );
  await pool.query(`vacuum (index_cleanup on, truncate on) ${rows[0]?.tables}`);
}
