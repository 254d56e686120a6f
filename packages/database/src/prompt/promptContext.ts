import { LIMITS, MEMORY_DOCUMENT } from '@everbeat/domain';
import { answeredTask, isAnswered } from '../sql/answered';
import { newestDocuments } from '../sql/newestDocuments';
import { AFTER_ALL_IDS, newestRows } from '../sql/newestRows';
import type { Queryable } from '../sql/queryable';
import { COUNTED_ROWS_MAX, READ } from './promptBounds';
import { type PromptContext, promptContextSchema } from './promptContextSchema';

/** One more character than is used, so that a truncated text can be marked as such. */
const cut = (column: string, charsMax: number): string => `left(${column}, ${charsMax + 1})`;

const countOf = (from: string): string =>
  `(select count(*)::int from (select 1 from ${from} limit ${COUNTED_ROWS_MAX}) c)`;

/**
 * The newest rows of `from` and how many there are. The aggregate keeps the order of its subquery.
 * `newestFirst` must be the order of an index; otherwise Postgres sorts the whole history to find its newest
 * rows. `total` is SQL for their number, where it is known without counting.
 */
const listOf = (
  columns: string,
  { from, newestFirst }: { from: string; newestFirst: string },
  rowsMax: number,
  total = countOf(from),
): string => `json_build_object(
  'items', (select coalesce(json_agg(r), '[]') from (
    select ${columns} from ${from} order by ${newestFirst} limit ${rowsMax}) r),
  'total', ${total})`;

const ofTask = (table: string, row: string, also: string) =>
  newestRows(table, row, { column: 'task_id', value: 't.id', before: 'k.before', also });

const REFERENCE_COLUMNS = `n.identifier, ${cut('n.name', LIMITS.nameCharsMax)} as name, n.status`;

/** What the last successful run of another task `n` has handed on. */
const RESULT = `(
  select ${cut('h.handoff', READ.resultChars)} from (${newestTopics()}) h
  where h.status = 'done' and h.handoff is not null order by h.id desc limit 1)`;

function newestTopics(): string {
  const topics = { column: 'task_id', value: 'n.id', before: 'k.before', also: 'r.user_id = t.user_id' };
  const { from, newestFirst } = newestRows('everbeat.topics', 'r', topics);
  return `select r.id, r.status, r.handoff from ${from} order by ${newestFirst} limit ${READ.resultTopics}`;
}

/** The documents that another task `n` has changed last; its memory is its own. */
const RELATED_DOCUMENTS = `(
  select coalesce(json_agg(r), '[]') from (
    select ${cut('d.name', LIMITS.documentNameCharsMax)} as name, d.created_at as "updatedAt",
      ${cut('d.content', READ.relatedDocumentChars)} as content
    from ${newestDocuments('n.id', {
      before: 'k.before',
      also: `d.user_id = t.user_id and d.name <> '${MEMORY_DOCUMENT}'`,
    })} order by d.id desc limit ${READ.relatedDocuments}) r) as documents`;

const DOCUMENTS = `(
  select coalesce(json_agg(json_build_object('name', d.name, 'version', d.version, 'bytes', octet_length(d.content),
      'updatedAt', d.created_at, 'updatedBy', d.author, 'content', case when d.name = '${MEMORY_DOCUMENT}' then
        ${cut('d.content', LIMITS.memoryDocumentCharsMax)} end) order by d.name), '[]')
  from ${newestDocuments('t.id', { before: 'k.before', also: 'd.user_id = t.user_id' })})`;

/** A subtask has a result once it is completed; until then it only works on one. */
const SUBTASK_COLUMNS = `${REFERENCE_COLUMNS}, ${RELATED_DOCUMENTS}, case when n.status = 'completed' then ${RESULT} end as result, (
  select coalesce(json_agg(r), '[]') from (
    select b.identifier, b.status
    from everbeat.task_dependencies d join everbeat.tasks b on b.id = d.depends_on_id and b.user_id = t.user_id and b.deleted_at is null
    where d.task_id = n.id and b.status <> 'completed' order by d.depends_on_id limit ${READ.unmetDependencies}) r
  ) as "waitsFor"`;

const TOPIC_COLUMNS = `h.number, h.trigger, h.status, h.created_at as "createdAt",
  ${cut('h.title', LIMITS.nameCharsMax)} as title, ${cut('h.handoff', LIMITS.handoffCharsMax)} as handoff,
  ${cut('h.error', READ.errorChars)} as error`;

const BRIEF_COLUMNS = `b.type, b.priority, b.occurrences, b.created_at as "createdAt",
  ${cut('b.title', LIMITS.briefTitleCharsMax)} as title, ${cut('b.summary', READ.briefSummaryChars)} as summary,
  case when b.resolved_at is not null then json_build_object('action', ${cut('b.resolved_action', LIMITS.nameCharsMax)},
    'label', (select ${cut("a.value ->> 'label'", LIMITS.briefActionLabelCharsMax)} from jsonb_array_elements(
      case when jsonb_typeof(b.actions) = 'array' then b.actions else '[]' end) a
      where a.value ->> 'key' = b.resolved_action limit 1),
    'comment', ${cut('b.resolved_comment', READ.answerChars)}, 'at', b.resolved_at,
    'isUnanswered', coalesce(b.resolved_effect ->> 'isUnanswered' = 'true', false),
    'isDefault', coalesce(b.resolved_action = b.default_action, false)) end as resolution`;

const { from: OWN_BRIEFS, newestFirst: NEWEST_BRIEFS_FIRST } = ofTask(
  'everbeat.briefs',
  'b',
  'b.user_id = t.user_id',
);

/**
 * The newest briefs, and those that were answered last: an answer may come long after its brief, when many
 * others have been written. Ids are compared as text because only `briefs_answered_idx` has them so: by
 * another index the planner may read all briefs of the task and sort them.
 */
const LATEST_BRIEFS = `everbeat.briefs b where b.id in (
    (select b.id from ${OWN_BRIEFS} order by ${NEWEST_BRIEFS_FIRST} limit ${READ.briefs})
    union
    (select b.id from everbeat.briefs b
     where ${answeredTask('b')} = t.id::text and b.resolved_at <= k.as_of and ${isAnswered('b')}
       and b.user_id = t.user_id
     order by b.resolved_at desc, b.id desc limit ${READ.answeredBriefs}))`;

const COMMENT_COLUMNS = `c.author, c.created_at as "createdAt", ${cut('c.content', READ.commentChars)} as content`;

const MESSAGE_COLUMNS = `m.role, m.created_at as "createdAt", ${cut('m.content', READ.messageChars)} as content`;

/**
 * Users $1, tasks $2, topics $3 and operations $4 of the runs, the ids $5 that their history comes before,
 * and the times $6 that it ends at. Each run is looked up by primary keys.
 */
const PROMPT_CONTEXTS_SQL = `
  select k.position::int,
    json_build_object('identifier', t.identifier, 'name', ${cut('t.name', LIMITS.nameCharsMax)},
      'instruction', ${cut('t.instruction', LIMITS.instructionCharsMax)}, 'instructionAuthor', t.instruction_author,
      'automationMode', t.automation_mode,
      'heartbeatInterval', t.heartbeat_interval, 'schedulePattern', t.schedule_pattern,
      'scheduleTimezone', t.schedule_timezone, 'maxTopics', t.max_topics, 'config', t.config,
      'automationRuns', t.context -> 'scheduler' -> 'automationRuns') as task,
    p.number as "topicNumber",
    ${DOCUMENTS} as documents,
    (select row_to_json(r) from (
      select ${REFERENCE_COLUMNS}, ${RELATED_DOCUMENTS}, ${cut('n.instruction', READ.parentInstructionChars)} as instruction
      from everbeat.tasks n where n.id = t.parent_task_id and n.user_id = t.user_id and n.deleted_at is null) r) as parent,
    ${listOf(
      REFERENCE_COLUMNS,
      {
        from: 'everbeat.tasks n where n.parent_task_id = t.parent_task_id and n.id <> t.id and n.user_id = t.user_id and n.deleted_at is null',
        newestFirst: 'n.number desc',
      },
      READ.siblings,
    )} as siblings,
    ${listOf(
      SUBTASK_COLUMNS,
      {
        from: 'everbeat.tasks n where n.parent_task_id = t.id and n.user_id = t.user_id and n.deleted_at is null',
        newestFirst: 'n.number desc',
      },
      READ.subtasks,
    )} as subtasks,
    ${listOf(
      `${REFERENCE_COLUMNS}, ${RELATED_DOCUMENTS}, ${RESULT} as result`,
      {
        from: 'everbeat.task_dependencies d join everbeat.tasks n on n.id = d.depends_on_id and n.user_id = t.user_id and n.deleted_at is null where d.task_id = t.id',
        newestFirst: 'd.depends_on_id desc',
      },
      READ.dependencies,
    )} as dependencies,
    ${listOf(TOPIC_COLUMNS, ofTask('everbeat.topics', 'h', 'h.user_id = t.user_id and h.id <> p.id'), READ.topics, 'greatest(t.total_topics - 1, 0)')} as topics,
    ${listOf(
      BRIEF_COLUMNS,
      {
        from: LATEST_BRIEFS,
        newestFirst: 'greatest(b.created_at, b.resolved_at) desc, b.id desc',
      },
      READ.briefs + READ.answeredBriefs,
      countOf(OWN_BRIEFS),
    )} as briefs,
    ${listOf(COMMENT_COLUMNS, ofTask('everbeat.task_comments', 'c', 'c.user_id = t.user_id'), READ.comments)} as comments,
    ${listOf(
      MESSAGE_COLUMNS,
      newestRows('everbeat.messages', 'm', {
        column: 'topic_id',
        value: 'p.id',
        before: 'k.before',
        // A prompt of an earlier run says nothing that this one does not say itself. What a reviewer read and
        // said is a conversation of its own.
        also: `m.user_id = t.user_id and m.operation_id is distinct from k.operation_id and m.recipe is null
          and not exists (select 1 from everbeat.operations v where v.id = m.operation_id and v.trigger = 'review')`,
      }),
      READ.messages,
    )} as conversation
  from unnest($1::text[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::timestamptz[]) with ordinality
      as k (user_id, task_id, topic_id, operation_id, before, as_of, position)
    join everbeat.tasks t on t.id = k.task_id and t.user_id = k.user_id and t.deleted_at is null
    join everbeat.topics p on p.id = k.topic_id and p.task_id = t.id and p.user_id = t.user_id`;

export interface PromptContextKey {
  userId: string;
  taskId: string;
  /** The topic of the run. It is not part of the history. */
  topicId: string;
  /**
   * The operation of the run. Messages of other operations in the topic are the conversation that it
   * continues.
   */
  operationId: string;
  /**
   * The history as it was when the operation began, and what was answered until then. Left out: all of it.
   */
  asOf?: Date;
}

/**
 * The prompt contexts of several runs, in one statement and so of one snapshot. Rows, bytes and counting are
 * bounded however long the history is; each list is read from an index in its order. Returns one context per
 * key, in order. Null: no such task or topic of this user.
 */
export async function loadPromptContexts(
  db: Queryable,
  keys: readonly PromptContextKey[],
): Promise<(PromptContext | null)[]> {
  const { rows } = await db.query<{ position: number } & Record<string, unknown>>({
    name: 'everbeat_prompt_contexts',
    text: PROMPT_CONTEXTS_SQL,
    values: [
      keys.map((key) => key.userId),
      keys.map((key) => key.taskId),
      keys.map((key) => key.topicId),
      keys.map((key) => key.operationId),
      // Ids are in the order of time.
      keys.map(({ asOf, operationId }) => (asOf === undefined ? AFTER_ALL_IDS : operationId)),
      keys.map(({ asOf }) => asOf ?? 'infinity'),
    ],
  });
  const byPosition = new Map(rows.map(({ position, ...row }) => [position, row]));
  return keys.map((_key, index) => {
    const row = byPosition.get(index + 1);
    return row === undefined ? null : promptContextSchema.parse(row);
  });
}
