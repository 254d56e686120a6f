import { toInstant } from '@everbeat/domain';
import { allRows, type Queryable } from '../sql/queryable';

/**
 * Renews the leases of running operations in one statement. Returns the ids of those that are still running;
 * an operation that is missing was ended elsewhere, and its agent must stop.
 */
export async function beatLeases(
  db: Queryable,
  operationIds: readonly string[],
  now: Date,
): Promise<Set<string>> {
  const { rows } = await db.query<{ id: string }>({
    name: 'everbeat_beat_leases',
    text: `
      update operations o set heartbeat_at = $2::timestamptz,
        lease_expires_at = greatest(o.lease_expires_at, $2::timestamptz + make_interval(secs => t.heartbeat_timeout))
      from tasks t
      where o.id = any($1::uuid[]) and o.status = 'running' and t.id = o.task_id
      returning o.id`,
    values: [operationIds, toInstant(now)],
  });
  return new Set(rows.map((row) => row.id));
}

/**
 * Extends the lease for an agent that works elsewhere after a 202 response. False: the operation is not
 * running.
 */
export async function extendLease(
  db: Queryable,
  operationId: string,
  until: Date,
  now: Date,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'everbeat_extend_lease',
    text: `
      update operations set heartbeat_at = $3::timestamptz,
        lease_expires_at = greatest(lease_expires_at, $2::timestamptz)
      where id = $1::uuid and status = 'running'`,
    values: [operationId, toInstant(until), toInstant(now)],
  });
  return (rowCount ?? 0) > 0;
}

/**
 * Tasks whose running operation has lost its lease, the longest expired first. Reads operations_lease_idx.
 */
export async function findExpiredLeases(
  db: Queryable,
  now: Date,
  limit: number,
): Promise<{ taskId: string; operationId: string }[]> {
  return allRows<{ taskId: string; operationId: string }>(db, {
    name: 'everbeat_find_expired_leases',
    text: `
      select task_id as "taskId", id as "operationId" from operations
      where finished_at is null and lease_expires_at < $1::timestamptz
      order by lease_expires_at limit $2`,
    values: [toInstant(now), limit],
  });
}
