import { LIMITS, TASK_ATTENTION, type TaskAttention } from '@everbeat/domain';
import { firstRow, type Queryable } from '../sql/queryable';

const STATE = "context -> 'scheduler'";
const GOES_ON_AFTER_FAILURE = `error is not null and status in ('scheduled', 'running')`;
const WAITS_FOR_FAR_SIDE = `coalesce(${STATE} -> 'streak' ->> 'count', '0') <> '0'`;

/**
 * What a person must act on: a condition on the columns of `tasks` for each kind. The partial indexes
 * tasks_failing_idx, tasks_blocked_idx and tasks_needs_person_idx hold just such rows, so the cost follows
 * what is found.
 */
export const NEEDS_ATTENTION: Record<TaskAttention, string> = {
  'needs-person': `${STATE} ->> 'needsPerson' = 'true'`,
  fuse: `${STATE} ->> 'blockedBy' = 'fuse'`,
  failing: `${GOES_ON_AFTER_FAILURE} and not ${WAITS_FOR_FAR_SIDE}`,
  decision: `${STATE} ->> 'blockedBy' = 'urgent-brief'`,
  provider: `${GOES_ON_AFTER_FAILURE} and ${WAITS_FOR_FAR_SIDE}`,
};

type Counts = Record<TaskAttention, number>;

/** How many tasks of the user need a person, by kind; each count stops at `LIMITS.countedTasksMax`. */
export async function countAttention(db: Queryable, userId: string): Promise<Counts> {
  const counts = TASK_ATTENTION.map(
    (kind) => `(select count(*)::int from (select 1 from everbeat.tasks
      where user_id = $1 and deleted_at is null and ${NEEDS_ATTENTION[kind]}
      limit ${LIMITS.countedTasksMax}) c) as "${kind}"`,
  );
  const row = await firstRow<Counts>(db, {
    name: 'everbeat_count_attention',
    text: `select ${counts.join(', ')}`,
    values: [userId],
  });
  return row ?? { 'needs-person': 0, fuse: 0, failing: 0, decision: 0, provider: 0 };
}
