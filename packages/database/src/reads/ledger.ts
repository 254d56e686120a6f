import type { Page, TickView } from '@everbeat/domain';
import type { Queryable } from '../sql/queryable';
import { type PageRequest, pageSize, toPage } from './filter';
import { tickColumns, toTickView } from './rows';

/** Each arm, with the run that it started. */
export const LEDGER_FROM = 'everbeat.task_ticks k left join everbeat.operations o on o.id = k.operation_id';

/** Newest arm first. Two arms may be made in the same millisecond, so the token decides between equals. */
export const LEDGER_ORDER = 'k.armed_at desc, k.due_at desc, k.token desc';

/** In the order of LEDGER_ORDER. If the cursor is not a token of this task, the page is empty. */
const AFTER_CURSOR = `and (k.armed_at, k.due_at, k.token) < (
  select c.armed_at, c.due_at, c.token from everbeat.task_ticks c
  where c.token = $4::uuid and c.task_id = $2::uuid and c.user_id = $1)`;

/** The ledger of one task, newest first. Reads task_ticks_task_idx. */
export async function readTicks(
  db: Queryable,
  userId: string,
  taskId: string,
  { cursor, limit }: PageRequest,
): Promise<Page<TickView>> {
  const size = pageSize(limit);
  const { rows } = await db.query<TickView>(
    `select ${tickColumns('k', 'o')} from ${LEDGER_FROM}
     where k.user_id = $1 and k.task_id = $2::uuid ${cursor === undefined ? '' : AFTER_CURSOR}
     order by ${LEDGER_ORDER} limit $3`,
    [userId, taskId, size + 1, ...(cursor === undefined ? [] : [cursor])],
  );
  return toPage(rows.map(toTickView), size, ({ token }) => token);
}
