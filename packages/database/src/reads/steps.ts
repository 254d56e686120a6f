import type { StepView } from '@everbeat/domain';
import { operationSteps } from '../schema';
import { type Selection, selection } from '../sql/columns';
import { allRows, type Queryable } from '../sql/queryable';

const STEP: Selection<Omit<StepView, 'costUsd'>> = selection(operationSteps, [
  'index',
  'kind',
  'name',
  'status',
  'policy',
  'occurrence',
  'startedAt',
  'endedAt',
  'usage',
]);

/**
 * The steps of one operation of this user, by index; there are none before the first, and of agents that keep none.
 * Reads the primary key.
 */
export async function readSteps(db: Queryable, userId: string, operationId: string): Promise<StepView[]> {
  const rows = await allRows<Omit<StepView, 'costUsd'>>(db, {
    name: 'everbeat_read_steps',
    text: `
      select ${STEP.of('s')} from everbeat.operations o join everbeat.operation_steps s on s.operation_id = o.id
      where o.id = $2::uuid and o.user_id = $1 order by s.index`,
    values: [userId, operationId],
  });
  return rows.map((row) => ({ ...row, costUsd: row.usage?.costUsd ?? null }));
}
