import { toInstant } from '@everbeat/domain';
import { lockWait } from '../sql/lockWait';
import type { Queryable } from '../sql/queryable';

/**
 * Takes back a deferred operation that no process has begun, so that a message which arrives later starts
 * nothing. Renews its lease, so that the watchdog leaves it to the caller, who rolls it back. Returns false
 * when the operation was begun before, or has ended.
 */
export async function takeBackOperation(db: Queryable, operationId: string, now: Date): Promise<boolean> {
  const { rows } = await db.query({
    name: 'everbeat_take_back_operation',
    text: `
      update everbeat.operations o set executed_at = $2::timestamptz, heartbeat_at = $2::timestamptz,
        lease_expires_at = $2::timestamptz + make_interval(secs => t.heartbeat_timeout)
      from everbeat.tasks t, ${lockWait('alone')}
      where o.id = $1::uuid and o.status = 'running' and o.executed_at is null and t.id = o.task_id
      returning o.id`,
    values: [operationId, toInstant(now)],
  });
  return rows.length > 0;
}
