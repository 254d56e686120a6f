import { LIMITS, toInstant } from '@everbeat/domain';
import { lockWait } from '../sql/lockWait';
import { allRows, type Queryable } from '../sql/queryable';
import type { HeldOperation, LostOperation } from '../steps/takeOver';

/**
 * The longest lease that a run of the task `t` can have from now on: of its own process, or of an agent that
 * works elsewhere. A longer one was given while a clock was ahead.
 */
const LEASE_SECONDS_MAX = `greatest(t.heartbeat_timeout, ${LIMITS.agentTimeoutSecondsMax})`;

/**
 * Renews the leases of running operations in one statement. Returns those that are still running, with their
 * numbers by id; an operation that is missing was ended elsewhere, or is executed by another process since,
 * and its agent here must stop. One whose row another session holds counts as running and is passed over: the
 * next renewal takes it.
 */
export async function beatLeases(
  db: Queryable,
  held: readonly HeldOperation[],
  now: Date,
): Promise<Map<string, number>> {
  const { rows } = await db.query<{ id: string; leaseEpoch: number }>({
    name: 'everbeat_beat_leases',
    text: `
      with running as (
        select o.id, o.lease_epoch, t.heartbeat_timeout from unnest($1::uuid[], $3::int[]) as held(id, lease_epoch)
          join everbeat.operations o on o.id = held.id join everbeat.tasks t on t.id = o.task_id
        where o.lease_epoch = held.lease_epoch and o.status = 'running'
      ), free as (
        select o.id from everbeat.operations o where o.id in (select id from running) and o.status = 'running'
        for no key update of o skip locked
      ), renewed as (
        update everbeat.operations o set heartbeat_at = $2::timestamptz,
          lease_expires_at = least(
            greatest(o.lease_expires_at, $2::timestamptz + make_interval(secs => t.heartbeat_timeout)),
            $2::timestamptz + make_interval(secs => ${LEASE_SECONDS_MAX}))
        from free join running t on t.id = free.id
        where o.id = free.id
      )
      select id, lease_epoch as "leaseEpoch" from running`,
    values: [
      held.map(({ operationId }) => operationId),
      toInstant(now),
      held.map(({ leaseEpoch }) => leaseEpoch),
    ],
  });
  return new Map(rows.map(({ id, leaseEpoch }) => [id, leaseEpoch]));
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
      update everbeat.operations o set heartbeat_at = $3::timestamptz,
        lease_expires_at = greatest(o.lease_expires_at, $2::timestamptz)
      from ${lockWait('alone')}
      where o.id = $1::uuid and o.status = 'running'`,
    values: [operationId, toInstant(until), toInstant(now)],
  });
  return (rowCount ?? 0) > 0;
}

/** A running operation whose lease is over, and its task. */
export type ExpiredLease = LostOperation & { taskId: string };

const EXPIRED = `o.task_id as "taskId", o.id as "operationId", o.lease_epoch as "leaseEpoch",
        o.lease_expires_at as "leaseExpiresAt"`;

/**
 * Tasks whose running operation has lost its lease, the longest expired first, and those whose lease is
 * longer than any could be: its process renews such a lease to a shorter one, so it must have ended. Reads
 * operations_lease_idx from both ends.
 */
export async function findExpiredLeases(
  db: Queryable,
  { now, graceSeconds, limit }: { now: Date; graceSeconds: number; limit: number },
): Promise<ExpiredLease[]> {
  return allRows<ExpiredLease>(db, {
    name: 'everbeat_find_expired_leases',
    text: `
      (select ${EXPIRED} from everbeat.operations o
        where o.finished_at is null and o.status = 'running' and o.lease_expires_at < $1::timestamptz
        order by o.lease_expires_at limit $2)
      union all
      (select ${EXPIRED} from everbeat.operations o join everbeat.tasks t on t.id = o.task_id
        where o.finished_at is null and o.status = 'running'
          and o.lease_expires_at > $1::timestamptz + make_interval(secs => ${LIMITS.agentTimeoutSecondsMax})
          and o.lease_expires_at > $1::timestamptz + make_interval(secs => $3 + ${LEASE_SECONDS_MAX})
        order by o.lease_expires_at desc limit $2)`,
    values: [toInstant(now), limit, graceSeconds],
  });
}
