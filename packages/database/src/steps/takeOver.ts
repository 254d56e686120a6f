import { toInstant } from '@everbeat/domain';
import { lockWait } from '../sql/lockWait';
import type { Queryable } from '../sql/queryable';

/** Which operation, as the process that executes it knows it. */
export interface HeldOperation {
  operationId: string;
  leaseEpoch: number;
}

/**
 * Gives an operation back that this process executes, so that another process goes on with it (PROTOCOL §9).
 * Its lease is over at once. Returns false when it has ended, or another process has taken it over.
 */
export async function releaseOperation(
  db: Queryable,
  { operationId, leaseEpoch }: HeldOperation,
  now: Date,
): Promise<boolean> {
  const { rows } = await db.query({
    name: 'everbeat_release_operation',
    text: `
      update everbeat.operations o set executed_at = null, lease_epoch = o.lease_epoch + 1,
        heartbeat_at = $3::timestamptz, lease_expires_at = $3::timestamptz
      from ${lockWait('alone')}
      where o.id = $1::uuid and o.status = 'running' and o.lease_epoch = $2::int
      returning o.id`,
    values: [operationId, leaseEpoch, toInstant(now)],
  });
  return rows.length > 0;
}

/** An operation whose lease was found to be over, with the lease that was found. */
export interface LostOperation extends HeldOperation {
  leaseExpiresAt: Date;
}

/**
 * Takes an operation from a process that gave no sign of life, so that another can begin it
 * (`beginExecution`): it has a whole lease for that. It counts as a loss if a process had begun it, and not
 * given it back. Returns false when its lease was renewed, it has ended, or somebody else has taken it.
 */
export async function takeOverOperation(
  db: Queryable,
  { operationId, leaseEpoch, leaseExpiresAt }: LostOperation,
  now: Date,
): Promise<boolean> {
  const { rows } = await db.query({
    name: 'everbeat_take_over_operation',
    text: `
      update everbeat.operations o set executed_at = null, lease_epoch = o.lease_epoch + 1,
        losses = o.losses + case when o.executed_at is null then 0 else 1 end, heartbeat_at = $4::timestamptz,
        lease_expires_at = $4::timestamptz + make_interval(secs => t.heartbeat_timeout)
      from everbeat.tasks t, ${lockWait('alone')}
      where o.id = $1::uuid and o.status = 'running' and o.lease_epoch = $2::int
        and o.lease_expires_at = $3::timestamptz and t.id = o.task_id
      returning o.id`,
    values: [operationId, leaseEpoch, toInstant(leaseExpiresAt), toInstant(now)],
  });
  return rows.length > 0;
}
