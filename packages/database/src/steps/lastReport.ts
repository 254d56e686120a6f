import { firstRow, type Queryable } from '../sql/queryable';

/**
 * What an operation has said last in its transcript, whichever process has written it. Null: nothing yet.
 * Reads messages_topic_idx from its end.
 */
export async function readLastReport(
  db: Queryable,
  { operationId, topicId }: { operationId: string; topicId: string },
): Promise<string | null> {
  const row = await firstRow<{ content: string }>(db, {
    name: 'everbeat_last_report',
    text: `
      select m.content from everbeat.messages m
      where m.topic_id = $2::uuid and m.operation_id = $1::uuid and m.role = 'assistant'
      order by m.topic_id desc, m.id desc limit 1`,
    values: [operationId, topicId],
  });
  return row?.content ?? null;
}
