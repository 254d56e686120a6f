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
  const tables = await tablesOf(pool);
  if (times === 0) await turnOffAutovacuum(pool, tables);
  if (times % TRUNCATE_EVERY === 0) {
    await pool.query('truncate everbeat.users, everbeat.system_state, everbeat.task_activities cascade');
    return;
  }
  await pool.query(
    'delete from everbeat.users; delete from everbeat.task_activities; delete from everbeat.system_state',
  );
  await pool.query(`vacuum (index_cleanup on, truncate on) ${tables.join(', ')}`);
}

async function tablesOf(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'everbeat' order by 1`,
  );
  return rows.map(({ name }) => name);
}

/**
 * Autovacuum comes at a time that no seed decides. It would move rows, change plans, and lock tables. One
 * that is under way is waited for.
 */
async function turnOffAutovacuum(pool: pg.Pool, tables: readonly string[]): Promise<void> {
  const settings = '(autovacuum_enabled = false, toast.autovacuum_enabled = false)';
  const alterations = tables.map((table) => `alter table ${table} set ${settings}`);
  await pool.query(['begin', 'set local lock_timeout = 0', ...alterations, 'commit'].join('; '));
}
