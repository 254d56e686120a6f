import type { Queryable } from '../sql/queryable';

/** Whether a topic belongs to a task. */
export async function hasTopic(
  db: Queryable,
  { taskId, topicId }: { taskId: string; topicId: string },
): Promise<boolean> {
  const { rows } = await db.query({
    name: 'everbeat_has_topic',
    text: 'select from everbeat.topics where id = $1::uuid and task_id = $2::uuid',
    values: [topicId, taskId],
  });
  return rows.length > 0;
}
