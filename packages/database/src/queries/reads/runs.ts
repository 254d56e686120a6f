import type { MessageView, OperationView, Page, TopicView } from '@everbeat/domain';
import { AFTER_ALL_IDS } from '../newestRows';
import type { Queryable } from '../queryable';
import { createFilter, type PageRequest, pageSize, toPage } from './filter';
import {
  MESSAGE_COLUMNS,
  type MessageRow,
  OPERATION_COLUMNS,
  type OperationRow,
  TOPIC_COLUMNS,
  type TopicRow,
  toMessageView,
  toOperationView,
  toTopicView,
} from './rows';

/** Null: no such operation of this user. */
export async function readOperation(
  db: Queryable,
  userId: string,
  operationId: string,
): Promise<OperationView | null> {
  const { rows } = await db.query<OperationRow>({
    name: 'everbeat_read_operation',
    text: `select ${OPERATION_COLUMNS} from operations o where o.id = $2::uuid and o.user_id = $1`,
    values: [userId, operationId],
  });
  const [row] = rows;
  return row === undefined ? null : toOperationView(row);
}

/**
 * The topics of one task, newest first. Served by topics_task_idx, and so written that nothing else can serve it: told that
 * `task_id` is one value, the planner may walk the primary key instead, past all that other tasks did since.
 */
export async function readTopics(
  db: Queryable,
  userId: string,
  taskId: string,
  { cursor, limit }: PageRequest,
): Promise<Page<TopicView>> {
  const size = pageSize(limit);
  const { rows } = await db.query<TopicRow>({
    name: 'everbeat_read_topics',
    text: `select ${TOPIC_COLUMNS} from topics p
           where p.user_id = $1 and p.task_id >= $2::uuid and (p.task_id, p.id) < ($2::uuid, $3::uuid)
           order by p.task_id desc, p.id desc limit $4`,
    values: [userId, taskId, cursor ?? AFTER_ALL_IDS, size + 1],
  });
  return toPage(rows, size, toTopicView, ({ id }) => id);
}

/** The transcript of a topic, oldest first. Null: no such topic of this user. */
export async function readTranscript(
  db: Queryable,
  userId: string,
  topicId: string,
  page: PageRequest,
): Promise<Page<MessageView> | null> {
  const conditions = createFilter();
  conditions.add((value) => `m.user_id = ${value}`, userId);
  conditions.add((value) => `m.topic_id = ${value}::uuid`, topicId);
  conditions.add((value) => `m.id > ${value}::uuid`, page.cursor);
  const size = pageSize(page.limit);
  const { rows } = await db.query<MessageRow>(
    `select ${MESSAGE_COLUMNS} from messages m where ${conditions.where()} order by m.id limit ${size + 1}`,
    conditions.values,
  );
  if (rows.length === 0 && !(await ownsTopic(db, userId, topicId))) return null;
  return toPage(rows, size, toMessageView, ({ id }) => id);
}

async function ownsTopic(db: Queryable, userId: string, topicId: string): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'everbeat_owns_topic',
    text: 'select 1 from topics where id = $2::uuid and user_id = $1',
    values: [userId, topicId],
  });
  return rowCount === 1;
}
