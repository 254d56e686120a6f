import { toInstant } from '@everbeat/domain';
import { type ReportedSpend, SPEND } from '../commit/spend';
import { lockWait } from '../sql/lockWait';
import { firstRow, type Queryable } from '../sql/queryable';
import {
  foundIn,
  JUDGEMENT,
  type JudgedRow,
  MONEY,
  type Reservation,
  type SpendReport,
  type StepsWritten,
} from '../steps/money';

/** What a trial reserves and has spent. It has no operation: the id is made up for it. */
export interface TrialSpend {
  operationId: string;
  spent: SpendReport[];
  reserve?: Reservation | undefined;
}

/**
 * Settles calls of an agent that is tried without a task, and reserves for the next one, as `writeSteps` does
 * for those of a run (PROTOCOL §10). The same write made twice is made once.
 * @throws 55P03 when another session holds a counter; nothing was written then
 */
export async function writeTrialSpend(db: Queryable, trial: TrialSpend, now: Date): Promise<StepsWritten> {
  const { operationId, spent, reserve } = trial;
  const row = await firstRow<JudgedRow>(db, {
    name: 'everbeat_write_trial_spend',
    text: `
      with held as (
        select $1::uuid as id, 0 as lease_epoch, $3::json as spent, $4::json as reserve from ${lockWait('alone')}
      ), ${MONEY}
      select ${JUDGEMENT}`,
    values: [
      operationId,
      toInstant(now),
      JSON.stringify(spent),
      reserve === undefined ? null : JSON.stringify(reserve),
    ],
  });
  return row === null ? { kind: 'written' } : foundIn(row);
}

/** Counts what an agent elsewhere says that its trial has cost, of which nothing was reserved. */
export async function countTrialSpend(
  db: Queryable,
  { operationId, userId, spend }: { operationId: string; userId: string; spend: ReportedSpend },
  now: Date,
): Promise<void> {
  await db.query({
    name: 'everbeat_count_trial_spend',
    text: `
      with written as (
        select $1::text as user_id, null::uuid as task_id, $3::uuid as operation_id, $4::jsonb as spend, false as is_idle
        from ${lockWait('alone')}
      ), ${SPEND}
      select 1`,
    values: [userId, toInstant(now), operationId, JSON.stringify(spend)],
  });
}
