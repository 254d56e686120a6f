import { briefs } from '../schema';
import { type SelectedBy, selection } from '../sql/columns';
import { allRows, type Queryable } from '../sql/queryable';

const ASKED = selection(briefs, ['id', 'actions']);
const READ_MAX = 1_000;

/** The open questions of this user's tasks about their budgets, the oldest first. Reads briefs_user_open_idx. */
export async function readOpenBudgetBriefs(
  db: Queryable,
  userId: string,
): Promise<SelectedBy<typeof ASKED>[]> {
  return allRows<SelectedBy<typeof ASKED>>(db, {
    name: 'everbeat_read_budget_briefs',
    text: `
      select ${ASKED.of('b')} from everbeat.briefs b join everbeat.tasks t on t.id = b.task_id
      where b.user_id = $1 and b.resolved_at is null and b.purpose = 'budget' and t.deleted_at is null
      order by b.id limit ${READ_MAX}`,
    values: [userId],
  });
}
