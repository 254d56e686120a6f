import type { StepView } from '@everbeat/domain';
import { operationSteps } from '../schema';
import { type Selection, selection } from '../sql/columns';
import { allRows, type Queryable } from '../sql/queryable';
import { ownsTopic } from './runs';

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
  return rows.map(withCost);
}

const STEPS_OF_TOPIC_MAX = 500;

/**
 * The steps of all runs of a topic, oldest first. Null: no such topic of this user. The prompts in its transcript name its runs. Reads
 * messages_topic_idx and the primary key.
 */
export async function readTopicSteps(
  db: Queryable,
  userId: string,
  topicId: string,
): Promise<StepView[] | null> {
  const rows = await allRows<Omit<StepView, 'costUsd'>>(db, {
    name: 'everbeat_read_topic_steps',
    text: `
      with runs as (
        select distinct m.operation_id as id from everbeat.messages m
        where m.topic_id = $2::uuid and m.user_id = $1 and m.role = 'user'
      )
      select ${STEP.of('s')} from runs r join everbeat.operation_steps s on s.operation_id = r.id
      order by s.operation_id, s.index limit ${STEPS_OF_TOPIC_MAX}`,
    values: [userId, topicId],
  });
  if (rows.length === 0 && !(await ownsTopic(db, userId, topicId))) return null;
  return rows.map(withCost);
}

const withCost = (row: Omit<StepView, 'costUsd'>): StepView => ({
  ...row,
  costUsd: row.usage?.costUsd ?? null,
});
