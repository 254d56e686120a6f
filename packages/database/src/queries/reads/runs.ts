import type { MessageView, OperationView, Page } from '@everbeat/domain';
import type { Queryable } from '../queryable';
import { createFilter, type PageRequest, pageSize, toPage } from './filter';
import {
  MESSAGE_COLUMNS,
  type MessageRow,
  OPERATION_COLUMNS,
  type OperationRow,
  toMessageView,
  toOperationView,
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
