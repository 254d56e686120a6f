import type { StepView, TimelineView } from '@everbeat/domain';
import { operationSteps } from '../schema';
import { type SelectedBy, selection } from '../sql/columns';
import { allRows, firstRow, type Queryable } from '../sql/queryable';
import { type PageRequest, pageSize, toPage } from './filter';
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
  /** Its run has ended. */
  isOver: boolean;
};

/** Selects the steps `s` of the operations `o`. Reads the primary keys. */
const SELECTED = `
  select ${STEP.of('s')}, o.attempt, o.finished_at is not null as "isOver", b.resolved_action as "answerAction", b.resolved_comment as "answerComment",
    b.resolved_at as "answeredAt", (b.resolved_effect ->> 'isUnanswered')::boolean as "isUnanswered"
  from everbeat.operations o join everbeat.operation_steps s on s.operation_id = o.id
    left join everbeat.briefs b on b.id = s.brief_id and b.resolved_at is not null`;

/**
 * The steps of one operation of this user, by index; there are none before the first, and of agents that keep
 * none. Reads the primary keys.
 */
export async function readSteps(db: Queryable, userId: string, operationId: string): Promise<StepView[]> {
  const rows = await allRows<StepRow>(db, {
    name: 'everbeat_read_steps',
    text: `${SELECTED} where o.id = $2::uuid and o.user_id = $1 order by s.index`,
    values: [userId, operationId],
  });
  return rows.map(viewOf);
}

/** The runs `r` of a topic of the user: the prompts in its transcript name them. Reads messages_topic_idx. */
const RUNS = `with runs as (
    select distinct m.operation_id as id from everbeat.messages m
    where m.topic_id = $2::uuid and m.user_id = $1 and m.role = 'user'
  )`;

/** A cursor is the place of the last step shown: its operation and its index. */
const CURSOR = /^([0-9a-f-]{36}):(\d{1,6})$/;
export const isStepCursor = (text: string): boolean => CURSOR.test(text);

/**
 * A page of the steps of all runs of a topic, the newest first. Null: no such topic of this user. Reads the
 * primary keys.
 */
export async function readTimeline(
  db: Queryable,
  userId: string,
  topicId: string,
  { cursor, limit }: PageRequest,
): Promise<TimelineView | null> {
  const size = pageSize(limit);
  const [, operationId = null, index = null] = CURSOR.exec(cursor ?? '') ?? [];
  const [rows, total] = await Promise.all([
    allRows<StepRow>(db, {
      name: 'everbeat_read_timeline',
      text: `
        ${RUNS}
        ${SELECTED}
        where o.id in (select r.id from runs r) and ($3::uuid is null or (o.started_at, o.id, s.index) <
          ((select last.started_at from everbeat.operations last where last.id = $3::uuid and last.user_id = $1), $3::uuid, $4::int))
        order by o.started_at desc, o.id desc, s.index desc limit $5`,
      values: [userId, topicId, operationId, index, size + 1],
    }),
    readTotal(db, userId, topicId),
  ]);
  if (rows.length === 0 && !(await ownsTopic(db, userId, topicId))) return null;
  return { ...toPage(rows.map(viewOf), size, (step) => `${step.operationId}:${step.index}`), total };
}

async function readTotal(db: Queryable, userId: string, topicId: string): Promise<TimelineView['total']> {
  const sum = (field: string): string => `sum((s.usage ->> '${field}')::float8)`;
  const row = await firstRow<TimelineView['total']>(db, {
    name: 'everbeat_timeline_total',
    text: `
      ${RUNS}
      select count(*)::int as steps, ${sum('inputTokens')} as "inputTokens", ${sum('outputTokens')} as "outputTokens",
        ${sum('costUsd')} as "costUsd"
      from everbeat.operation_steps s where s.operation_id in (select r.id from runs r)`,
    values: [userId, topicId],
  });
  return row ?? { steps: 0, inputTokens: null, outputTokens: null, costUsd: null };
}

const viewOf = ({
  answerAction,
  answerComment,
  answeredAt,
  isUnanswered,
  isOver,
  ...row
}: StepRow): StepView => ({
  ...row,
  // Nobody has told how it ended, and nobody will.
  status: isOver && row.status === 'started' ? 'unknown' : row.status,
  costUsd: row.usage?.costUsd ?? null,
  answer:
    answerAction === null || answeredAt === null
      ? null
      : {
          action: answerAction,
          comment: answerComment,
          at: answeredAt,
          isUnanswered: isUnanswered === true,
        },
});
