import { commitPlans, type LockWait, type Queryable } from '@everbeat/database';
import type { TaskWrite } from './planWrite';

/**
 * Commits decisions within a transaction that has more to write, past the queue that others share. Each task
 * is a group of its own. Returns whether all were written; the caller must roll the transaction back if not,
 * because the others were.
 * @param wait how long rows are waited for that another session holds
 * @throws 55P03 when the wait for a held row is over
 */
export async function commitWithin(
  client: Queryable,
  writes: readonly TaskWrite[],
  now: Date,
  wait: LockWait = 'alone',
): Promise<boolean> {
  const grouped = writes.map((write, group) => ({ ...write, group, group_size: 1 }));
  const written = await commitPlans(client, grouped, now, wait);
  return written.size === writes.length;
}
