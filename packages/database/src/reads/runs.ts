import type { OperationView, Page, TopicView } from '@everbeat/domain';
import { and, eq, gt, sql } from 'drizzle-orm';
import { messages } from '../schema';
import { newestRows } from '../sql/newestRows';
import { firstRow, type Queryable } from '../sql/queryable';
import { compiled, type PageRequest, pageSize, toPage, when } from './filter';
import { MESSAGE, type MessageRow, OPERATION, topicColumns, topicWork } from './rows';

/** Null: no such operation of this user. */
export async function readOperation(
  db: Queryable,
  userId: string,
  operationId: string,
): Promise<OperationView | null> {
  return firstRow<OperationView>(db, {
    name: 'everbeat_read_operation',
    text: `select ${OPERATION.of('o')} from everbeat.operations o join everbeat.tasks t on t.id = o.task_id
      where o.id = $2::uuid and o.user_id = $1 and t.deleted_at is null`,
    values: [userId, operationId],
  });
}

/** The topics of one task, newest first. Reads topics_task_idx. */
export async function readTopics(
  db: Queryable,
  userId: string,
  taskId: string,
  { cursor, limit }: PageRequest,
): Promise<Page<TopicView>> {
  const size = pageSize(limit);
  const { from, newestFirst } = newestRows('everbeat.topics', 'p', {
    column: 'task_id',
    value: '$2::uuid',
    also: 'p.user_id = $1',
    join: topicWork('p', 'w', '$2::uuid'),
    ...(cursor !== undefined && { before: '$4::uuid' }),
  });
  const { rows } = await db.query<TopicView>(
    `select ${topicColumns('p', 'w')} from ${from} order by ${newestFirst} limit $3`,
    [userId, taskId, size + 1, ...(cursor === undefined ? [] : [cursor])],
  );
  return toPage(rows, size, ({ id }) => id);
}

const VISIBLE_TOPIC =
  'select 1 from everbeat.topics p join everbeat.tasks t on t.id = p.task_id where t.deleted_at is null';

/** The transcript of a topic, oldest first. Null: no such topic of this user. */
export async function readTranscript(
  db: Queryable,
  userId: string,
  topicId: string,
  page: PageRequest,
): Promise<Page<MessageRow> | null> {
  const where = and(
    eq(messages.userId, userId),
    eq(messages.topicId, topicId),
    sql`exists (${sql.raw(VISIBLE_TOPIC)} and p.id = ${topicId})`,
    when(page.cursor, (id) => gt(messages.id, id)),
  );
  const size = pageSize(page.limit);
  const { rows } = await db.query<MessageRow>(
    compiled(sql`
      select ${sql.raw(MESSAGE.of('messages'))},
        (select p.task_id from everbeat.topics p where p.id = ${topicId}) as "taskId"
      from ${messages}
      where ${where} order by ${messages.id} limit ${size + 1}`),
  );
  if (rows.length === 0 && !(await ownsTopic(db, userId, topicId))) return null;
  return toPage(rows, size, ({ id }) => id);
}

/** Whether it is a topic of this user, of a task that is not deleted. */
export async function ownsTopic(db: Queryable, userId: string, topicId: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'everbeat_owns_topic',
    text: `${VISIBLE_TOPIC} and p.id = $2::uuid and p.user_id = $1`,
    values: [userId, topicId],
  });
  return rowCount === 1;
}
