import { LIMITS, type StepView } from '@everbeat/domain';
import { operationSteps } from '../schema';
import { type SelectedBy, selection } from '../sql/columns';
import { allRows, type Queryable } from '../sql/queryable';
import { ownsTopic } from './runs';

const STEP = selection(operationSteps, [
  'operationId',
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

type StepRow = SelectedBy<typeof STEP> & {
  attempt: number;
  answerAction: string | null;
  answerComment: string | null;
  answeredAt: Date | null;
  isUnanswered: boolean | null;
};

/** Of the steps `s` of the operations `o`. Reads the primary keys. */
const SELECTED = `
  select ${STEP.of('s')}, o.attempt, b.resolved_action as "answerAction", b.resolved_comment as "answerComment",
    b.resolved_at as "answeredAt", (b.resolved_effect ->> 'isUnanswered')::boolean as "isUnanswered"
  from everbeat.operations o join everbeat.operation_steps s on s.operation_id = o.id
    left join everbeat.briefs b on b.id = s.brief_id and b.resolved_at is not null`;

/**
 * The steps of one operation of this user, by index; there are none before the first, and of agents that keep none.
 * Reads the primary keys.
 */
export async function readSteps(db: Queryable, userId: string, operationId: string): Promise<StepView[]> {
  const rows = await allRows<StepRow>(db, {
    name: 'everbeat_read_steps',
    text: `${SELECTED} where o.id = $2::uuid and o.user_id = $1 order by s.index`,
    values: [userId, operationId],
  });
  return rows.map(viewOf);
}

/**
 * The newest steps of all runs of a topic, oldest first. Null: no such topic of this user. The prompts in its
 * transcript name its runs. Reads messages_topic_idx and the primary keys.
 */
export async function readTopicSteps(
  db: Queryable,
  userId: string,
  topicId: string,
): Promise<StepView[] | null> {
  const rows = await allRows<StepRow>(db, {
    name: 'everbeat_read_topic_steps',
    text: `
      with runs as (
        select distinct m.operation_id as id from everbeat.messages m
        where m.topic_id = $2::uuid and m.user_id = $1 and m.role = 'user'
      )
      ${SELECTED}
      where o.id in (select r.id from runs r)
      order by o.started_at desc, o.id desc, s.index desc limit ${LIMITS.stepsShownMax}`,
    values: [userId, topicId],
  });
  if (rows.length === 0 && !(await ownsTopic(db, userId, topicId))) return null;
  return rows.map(viewOf).reverse();
}

const viewOf = ({ answerAction, answerComment, answeredAt, isUnanswered, ...row }: StepRow): StepView => ({
  ...row,
  costUsd: row.usage?.costUsd ?? null,
  answer:
    answerAction === null || answeredAt === null
      ? null
      : {
          ...{ action: answerAction, comment: answerComment, at: answeredAt },
          isUnanswered: isUnanswered === true,
        },
});
