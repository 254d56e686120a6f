import { SETTLED_STATUSES, toInstant } from '@everbeat/domain';
import { type ReportedSpend, SPEND } from '../commit/spend';
import { isUniqueViolation } from '../faults';
import { lockWait } from '../sql/lockWait';
import type { Queryable } from '../sql/queryable';
import { quoted } from '../sql/quoted';

/** What a run has cost that was settled before this was known. */
export interface LateSpend {
  operationId: string;
  userId: string;
  spend: Omit<ReportedSpend, 'id' | 'occurrence'>;
}

/**
 * Counts what a settled run has cost, unless something is counted for it already. Its entry has the id of the
 * run, so that of two that are written at the same moment the primary key lets one through. Reads
 * operations_pkey and spend_entries_operation_idx.
 * @throws 55P03 when another session holds a counter; nothing was written then
 */
export async function countLateSpend(
  db: Queryable,
  { operationId, userId, spend }: LateSpend,
  now: Date,
): Promise<void> {
  try {
    await db.query({
      name: 'everbeat_count_late_spend',
      text: `
        with written as (
          select o.user_id, o.task_id, o.id as operation_id, false as is_idle,
            $4::jsonb || jsonb_build_object('id', o.id, 'occurrence', coalesce(o.occurrence, o.id)) as spend
          from everbeat.operations o, ${lockWait('alone')}
          where o.id = $1::uuid and o.user_id = $3 and o.status in (${quoted(SETTLED_STATUSES)})
        ), ${SPEND}
        select 1`,
      values: [operationId, toInstant(now), userId, JSON.stringify(spend)],
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
  }
}
