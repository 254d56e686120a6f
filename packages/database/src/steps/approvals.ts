import { type BriefActionView, toInstant } from '@everbeat/domain';
import { allRows, type Queryable } from '../sql/queryable';

/** An operation that has waited for a person's answer for as long as it may. */
export interface ExpiredApproval {
  taskId: string;
  userId: string;
  operationId: string;
  /** The open brief that asks. Null: somebody has removed it by hand. */
  briefId: string | null;
  /** Of that brief. */
  title: string | null;
  actions: BriefActionView[] | null;
  /** Another one means that the run has gone on since. */
  leaseEpoch: number;
}

/** The longest expired first. Reads operations_lease_idx. */
export async function findExpiredApprovals(
  db: Queryable,
  { now, limit }: { now: Date; limit: number },
): Promise<ExpiredApproval[]> {
  return allRows<ExpiredApproval>(db, {
    name: 'everbeat_find_expired_approvals',
    text: `
      select o.task_id as "taskId", o.user_id as "userId", o.id as "operationId", b.id as "briefId",
        b.title, b.actions, o.lease_epoch as "leaseEpoch"
      from everbeat.operations o
        left join everbeat.briefs b on b.task_id = o.task_id and b.purpose = 'tool' and b.resolved_at is null
      where o.finished_at is null and o.status = 'waiting' and o.lease_expires_at < $1::timestamptz
      order by o.lease_expires_at limit $2`,
    values: [toInstant(now), limit],
  });
}
