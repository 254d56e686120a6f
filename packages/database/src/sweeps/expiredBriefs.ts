import { toInstant } from '@everbeat/domain';
import { allRows, type Queryable } from '../sql/queryable';

/** An open question whose time is over. */
export interface ExpiredBrief {
  briefId: string;
  taskId: string;
  userId: string;
}

/** The longest expired first. Reads briefs_expires_idx. */
export const findExpiredBriefs = (
  db: Queryable,
  { now, limit }: { now: Date; limit: number },
): Promise<ExpiredBrief[]> =>
  allRows<ExpiredBrief>(db, {
    name: 'everbeat_find_expired_briefs',
    text: `
      select b.id as "briefId", b.task_id as "taskId", b.user_id as "userId"
      from everbeat.briefs b join everbeat.tasks t on t.id = b.task_id
      where b.resolved_at is null and b.expires_at <= $1::timestamptz and t.deleted_at is null
      order by b.expires_at limit $2`,
    values: [toInstant(now), limit],
  });
