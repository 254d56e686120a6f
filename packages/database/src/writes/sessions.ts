import type { ProgramSession } from '@everbeat/domain';
import { lockWait } from '../sql/lockWait';
import type { Queryable } from '../sql/queryable';

/**
 * Keeps the session of the program that a running operation has started, at its topic. Written while it runs,
 * so that the next run can go on with it also when this one is lost. Returns whether the operation is
 * running.
 * @throws 55P03 when another session holds the topic
 */
export async function keepSession(
  db: Queryable,
  { operationId, session }: { operationId: string; session: ProgramSession },
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'everbeat_keep_session',
    text: `
      update everbeat.topics p set session = $2::jsonb
      from everbeat.operations o, ${lockWait('alone')}
      where o.id = $1::uuid and o.status = 'running' and p.id = o.topic_id and p.task_id = o.task_id`,
    values: [operationId, JSON.stringify(session)],
  });
  return rowCount === 1;
}
