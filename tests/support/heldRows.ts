import type { Pool } from 'pg';

/**
 * What `work` does while another session holds rows of Everbeat's tables.
 *
 * @param rows such as `tasks where id = $1`; at least one there is held, else this is an error of the test
 */
export async function whileHeld<Result>(
  pool: Pool,
  rows: string,
  values: readonly unknown[],
  work: () => Promise<Result>,
): Promise<Result> {
  const holder = await pool.connect();
  try {
    await holder.query('begin');
    const { rowCount } = await holder.query(`select 1 from everbeat.${rows} for update`, [...values]);
    if (rowCount === 0) throw new Error(`There is nothing to hold: ${rows}`);
    return await work();
  } finally {
    await holder.query('rollback');
    holder.release();
  }
}
