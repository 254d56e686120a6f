import { type MessageView, toInstant } from '@everbeat/domain';
import { lockWait } from '../sql/lockWait';
import type { Queryable } from '../sql/queryable';

/** `recipe` is in base64. */
export type MessageWrite = Omit<MessageView, 'createdAt' | 'note'> & { operationId: string; recipe?: string };

/**
 * Appends messages to the transcript of running operations, with one feed row per topic. Ended operations are
 * left out.
 */
export async function appendMessages(
  db: Queryable,
  messages: readonly MessageWrite[],
  now: Date,
): Promise<void> {
  await db.query({
    name: 'everbeat_append_messages',
    text: `
      with input as (
        select i.* from jsonb_to_recordset($1::jsonb) as i(
          id uuid, "topicId" uuid, "operationId" uuid, role text, content text, recipe text), ${lockWait('alone')}
      ), added as (
        insert into everbeat.messages (id, topic_id, user_id, operation_id, role, content, recipe, created_at)
        select i.id, o.topic_id, o.user_id, o.id, i.role, i.content, decode(i.recipe, 'base64'), $2::timestamptz
        from input i join everbeat.operations o on o.id = i."operationId" and o.topic_id = i."topicId" and o.status = 'running'
        on conflict (id) do nothing
        returning topic_id, user_id, operation_id
      )
      insert into everbeat.task_activities (task_id, user_id, kind, reason, ref_id, created_at)
      select distinct o.task_id, a.user_id, 'transcript', null, a.topic_id, $2::timestamptz
      from added a join everbeat.operations o on o.id = a.operation_id`,
    values: [JSON.stringify(messages), toInstant(now)],
  });
}
