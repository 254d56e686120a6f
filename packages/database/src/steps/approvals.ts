import { toInstant } from '@everbeat/domain';
import { allRows, type Queryable } from '../sql/queryable';

/**
 * An operation that waits for the answer to a question that is not there, and has waited for as long as it
 * may.
 */
export interface UnaskedOperation {
  taskId: string;
  userId: string;
  operationId: string;
  /** Another one means that the run has gone on since. */
  leaseEpoch: number;
}

/** Somebody has removed their questions by hand. The longest over first. Reads operations_lease_idx. */
export const findUnaskedOperations = (
  db: Queryable,
  { now, limit }: { now: Date; limit: number },
): Promise<UnaskedOperation[]> =>
  allRows<UnaskedOperation>(db, {
    name: 'everbeat_find_unasked_operations',
    text: `
      select o.task_id as "taskId", o.user_id as "userId", o.id as "operationId", o.lease_epoch as "leaseEpoch"
      from everbeat.operations o
      where o.finished_at is null and o.status = 'waiting' and o.lease_expires_at < $1::timestamptz
        and not exists (select 1 from everbeat.briefs b
          where b.task_id = o.task_id and b.purpose = 'tool' and b.resolved_at is null)
      order by o.lease_expires_at limit $2`,
    values: [toInstant(now), limit],
  });
