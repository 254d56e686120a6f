import type { ReviewResult, ReviewView, StepStatus } from '@everbeat/domain';
import { operations } from '../schema';
import { type SelectedBy, selection } from '../sql/columns';
import { allRows, firstRow, type Queryable } from '../sql/queryable';

/**
 * The checks of work that runs have handed in (PROTOCOL §4.4). All of them read operations_reviews_idx by
 * their topic.
 */

/** The work that a run has handed in, as far as its reviewer is shown it. Texts are shortened. */
export interface HandedInWork {
  task: { identifier: string; name: string; instruction: string };
  title: string | null;
  report: string;
  /** Those that the runs of the topic have written, as they are now. */
  documents: { name: string; version: number; content: string }[];
  /** The calls of tools; where its agent keeps no steps, what it has said of them in the transcript. */
  steps: { name: string; status: StepStatus; input: string; output: string }[];
  keepsSteps: boolean;
  /** The checks of the topic so far, oldest first. */
  earlier: ReviewResult[];
}

const SHOWN = {
  reportChars: 60_000,
  documents: 10,
  documentChars: 20_000,
  steps: 200,
  inputChars: 400,
  outputChars: 600,
  earlier: 10,
} as const;

const listOf = (select: string): string => `(select coalesce(json_agg(r), '[]') from (${select}) r)`;

/** What the run reported: what it said last in its transcript, or what was handed on of that. */
const REPORT = `coalesce((
  select left(m.content, ${SHOWN.reportChars}) from everbeat.messages m
  where m.topic_id = o.topic_id and m.operation_id = o.id and m.role = 'assistant' order by m.id desc limit 1), p.handoff, '')`;

const EARLIER = listOf(`select e.review from everbeat.operations e
  where e.topic_id = o.topic_id and e.trigger = 'review' and e.review is not null
  order by e.id desc limit ${SHOWN.earlier}`);

type WorkRow = Omit<HandedInWork, 'task' | 'keepsSteps' | 'earlier'> &
  HandedInWork['task'] & {
    said: { content: string }[];
    modelCalls: number;
    earlier: { review: ReviewResult }[];
  };

/** Null: there is no such operation of this user any more. */
export async function readHandedInWork(
  db: Queryable,
  { operationId, userId }: { operationId: string; userId: string },
): Promise<HandedInWork | null> {
  const row = await firstRow<WorkRow>(db, {
    name: 'everbeat_read_handed_in_work',
    text: `
      select t.identifier, t.name, t.instruction, p.title, ${REPORT} as report,
        ${listOf(`select d.name, d.version, left(d.content, ${SHOWN.documentChars}) as content
          from everbeat.task_documents d
          where d.task_id = o.task_id and exists (
            select 1 from everbeat.task_documents w join everbeat.operations r on r.id = w.operation_id
            where w.task_id = d.task_id and w.name = d.name and r.topic_id = o.topic_id)
            and not exists (select 1 from everbeat.task_documents n
              where n.task_id = d.task_id and n.name = d.name and n.version > d.version)
          order by d.name limit ${SHOWN.documents}`)} as documents,
        ${listOf(`select s.name, s.status, coalesce(left(s.input::text, ${SHOWN.inputChars}), '') as input,
            coalesce(left(s.result ->> 'output', ${SHOWN.outputChars}), '') as output
          from everbeat.operation_steps s where s.operation_id = o.id and s.kind = 'tool'
          order by s.index limit ${SHOWN.steps}`)} as steps,
        (select count(*)::int from everbeat.operation_steps s where s.operation_id = o.id and s.kind = 'model') as "modelCalls",
        ${listOf(`select left(m.content, ${SHOWN.outputChars}) as content from everbeat.messages m
          where m.topic_id = o.topic_id and m.operation_id = o.id and m.role = 'tool'
          order by m.id limit ${SHOWN.steps}`)} as said,
        ${EARLIER} as earlier
      from everbeat.operations o
        join everbeat.tasks t on t.id = o.task_id and t.deleted_at is null
        join everbeat.topics p on p.id = o.topic_id
      where o.id = $1::uuid and o.user_id = $2`,
    values: [operationId, userId],
  });
  return row === null ? null : toWork(row);
}

function toWork({ identifier, name, instruction, said, modelCalls, earlier, ...row }: WorkRow): HandedInWork {
  const keepsSteps = modelCalls > 0;
  const told = said.map(({ content }) => ({
    name: 'work',
    status: 'done' as const,
    input: '',
    output: content,
  }));
  return {
    task: { identifier, name, instruction },
    title: row.title,
    report: row.report,
    documents: row.documents,
    steps: keepsSteps ? row.steps : told,
    keepsSteps,
    earlier: earlier.map(({ review }) => review).toReversed(),
  };
}

/** What the last check of a topic found. Null: there was none. */
export async function readLastReview(
  db: Queryable,
  { topicId, taskId }: { topicId: string; taskId: string },
): Promise<ReviewResult | null> {
  const row = await firstRow<{ review: ReviewResult }>(db, {
    name: 'everbeat_read_last_review',
    text: `
      select o.review from everbeat.operations o
      where o.topic_id = $1::uuid and o.trigger = 'review' and o.task_id = $2::uuid and o.review is not null
      order by o.id desc limit 1`,
    values: [topicId, taskId],
  });
  return row?.review ?? null;
}

const REVIEW = selection(operations, ['status', 'startedAt', 'finishedAt', 'errorMessage']);
type ReviewRow = SelectedBy<typeof REVIEW> & Pick<ReviewView, 'operationId' | 'result'>;

const REVIEWS_SHOWN_MAX = 100;

/** The newest checks of a topic of this user, oldest first. */
export async function readReviews(db: Queryable, userId: string, topicId: string): Promise<ReviewView[]> {
  const newestFirst = await allRows<ReviewRow>(db, {
    name: 'everbeat_read_reviews',
    text: `
      select o.id as "operationId", ${REVIEW.of('o')}, o.review as result from everbeat.operations o
      where o.topic_id = $2::uuid and o.trigger = 'review' and o.user_id = $1
      order by o.id desc limit ${REVIEWS_SHOWN_MAX}`,
    values: [userId, topicId],
  });
  return newestFirst.toReversed();
}
