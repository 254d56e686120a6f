import type { StopCause } from '@everbeat/domain';
import { allRows, type Queryable } from '../sql/queryable';

export interface StoppedFilter {
  /** Left out: every cause. */
  cause?: StopCause | undefined;
  agentId?: string | undefined;
  /** The number of the last task of the page before; 0 at first. */
  after: number;
  limit: number;
}

/**
 * A page of a user's tasks that the system has paused because of failures, by their numbers. Reads
 * tasks_user_status_idx.
 */
export async function findStoppedTasks(
  db: Queryable,
  userId: string,
  { cause, agentId, after, limit }: StoppedFilter,
): Promise<{ id: string; number: number }[]> {
  return allRows<{ id: string; number: number }>(db, {
    name: 'everbeat_find_stopped',
    text: `
      select id, number from everbeat.tasks
      where user_id = $1 and status = 'paused' and number > $2
        and ($3::text is distinct from 'needs-person' and context -> 'scheduler' ->> 'blockedBy' = 'fuse'
          or $3::text is distinct from 'fuse' and context -> 'scheduler' ->> 'needsPerson' = 'true')
        and ($4::uuid is null or agent_id = $4::uuid)
      order by number limit $5`,
    values: [userId, after, cause ?? null, agentId ?? null, limit],
  });
}
