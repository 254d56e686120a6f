import type { LinkedTaskView, Page } from '@everbeat/domain';
import { allRows, type Queryable } from '../sql/queryable';
import { type PageRequest, pageSize, toPage } from './filter';
import { linkedTaskColumns } from './rows';

/** The tasks that wait for one task, newest first. Reads task_dependencies_depends_on_idx. */
export async function readDependents(
  db: Queryable,
  userId: string,
  taskId: string,
  { cursor, limit }: PageRequest,
): Promise<Page<LinkedTaskView>> {
  const size = pageSize(limit);
  const rows = await allRows<LinkedTaskView>(db, {
    text: `select ${linkedTaskColumns('n')} from everbeat.task_dependencies d
      join everbeat.tasks n on n.id = d.task_id and n.deleted_at is null
      where d.depends_on_id = $2::uuid and d.user_id = $1 ${cursor === undefined ? '' : 'and d.task_id < $4::uuid'}
      order by d.task_id desc limit $3`,
    values: [userId, taskId, size + 1, ...(cursor === undefined ? [] : [cursor])],
  });
  return toPage(rows, size, ({ id }) => id);
}
