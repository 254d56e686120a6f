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
    await pool.query('truncate users, system_state, task_activities cascade');
    return;
  }
  await pool.query('delete from users; delete from task_activities; delete from system_state');
  await pool.query(`vacuum (index_cleanup on, truncate on) users, agents, tasks, task_dependencies, task_comments,
    task_memories, topics, messages, operations, task_ticks, briefs, task_activities, system_state`);
}
