import { type DeliveryView, type Page, toInstant } from '@everbeat/domain';
import { and, eq, sql } from 'drizzle-orm';
import { compiled, type PageRequest, pageSize, toPage, when } from '../reads/filter';
import { briefs, deliveries, tasks } from '../schema';
import { type Selection, selectionWithout } from '../sql/columns';
import { firstRow, type Queryable } from '../sql/queryable';

const DELIVERY: Selection<Omit<DeliveryView, 'taskIdentifier' | 'title'>> = selectionWithout(deliveries, [
  'userId',
  'messageId',
  'firstAttemptAt',
  'isOpen',
]);

export interface DeliveryFilter extends PageRequest {
  briefId?: string | undefined;
  channelId?: string | undefined;
}

/** Newest first. The cursor is `<instant>_<id>` of the last one shown. */
export async function readDeliveries(
  db: Queryable,
  userId: string,
  filter: DeliveryFilter,
): Promise<Page<DeliveryView>> {
  const where = and(
    eq(deliveries.userId, userId),
    when(filter.briefId, (id) => eq(deliveries.briefId, id)),
    when(filter.channelId, (id) => eq(deliveries.channelId, id)),
    when(filter.cursor, (cursor) => {
      const [createdAt, id] = cursor.split('_');
      return sql`(${deliveries.createdAt}, ${deliveries.id}) < (${createdAt}::timestamptz, ${id}::uuid)`;
    }),
  );
  const size = pageSize(filter.limit);
  const { rows } = await db.query<DeliveryView>(
    compiled(sql`
      select ${sql.raw(DELIVERY.of('deliveries'))}, ${tasks.identifier} as "taskIdentifier", ${briefs.title}
      from ${deliveries} join ${briefs} on ${eq(briefs.id, deliveries.briefId)} join ${tasks} on ${eq(tasks.id, deliveries.taskId)}
      where ${where} order by ${deliveries.createdAt} desc, ${deliveries.id} desc limit ${size + 1}`),
  );
  return toPage(rows, size, ({ createdAt, id }) => `${toInstant(createdAt)}_${id}`);
}

/** Null: no such delivery of this user. */
export const readDelivery = (db: Queryable, userId: string, id: string): Promise<DeliveryView | null> =>
  firstRow<DeliveryView>(db, {
    name: 'everbeat_read_delivery',
    text: `
      select ${DELIVERY.of('d')}, t.identifier as "taskIdentifier", b.title
      from everbeat.deliveries d join everbeat.briefs b on b.id = d.brief_id join everbeat.tasks t on t.id = d.task_id
      where d.id = $2::uuid and d.user_id = $1`,
    values: [userId, id],
  });

/**
 * Has a delivery sent that has ended without arriving, because a person asks for it: as a message of its own,
 * whatever the rules say. Returns whether it was in such a state.
 */
export async function askForDelivery(
  db: Queryable,
  { userId, id }: { userId: string; id: string },
  now: Date,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'everbeat_ask_for_delivery',
    text: `
      update everbeat.deliveries d set status = 'pending', reason = 'asked', due_at = $3::timestamptz, message_id = null,
        first_attempt_at = null, error = null
      where d.id = $2::uuid and d.user_id = $1 and d.status in ('failed', 'unknown', 'skipped')
        and exists (select 1 from everbeat.channels c where c.id = d.channel_id)`,
    values: [userId, id, toInstant(now)],
  });
  return rowCount === 1;
}
