import type { BriefPriority, BriefView, Page } from '@everbeat/domain';
import { and, eq, inArray, isNotNull, isNull, lt, sql } from 'drizzle-orm';
import { briefs, tasks } from '../schema';
import { firstRow, type Queryable } from '../sql/queryable';
import { compiled, type PageRequest, pageSize, toPage, when } from './filter';
import { briefColumns } from './rows';

export interface BriefFilter extends PageRequest {
  taskId?: string | undefined;
  /** true: only open briefs. false: only resolved ones. */
  unresolved?: boolean | undefined;
  priorities?: readonly BriefPriority[] | undefined;
}

/** Newest first. */
export async function readBriefs(
  db: Queryable,
  userId: string,
  filter: BriefFilter,
): Promise<Page<BriefView>> {
  const where = and(
    eq(briefs.userId, userId),
    isNull(tasks.deletedAt),
    when(filter.taskId, (id) => eq(briefs.taskId, id)),
    when(filter.priorities, (priorities) => inArray(briefs.priority, priorities)),
    when(filter.unresolved, (is) => (is ? isNull(briefs.resolvedAt) : isNotNull(briefs.resolvedAt))),
    when(filter.cursor, (id) => lt(briefs.id, id)),
  );
  const size = pageSize(filter.limit);
  const { rows } = await db.query<BriefView>(
    compiled(sql`
      select ${sql.raw(briefColumns('briefs', 'tasks'))} from ${briefs} join ${tasks} on ${eq(tasks.id, briefs.taskId)}
      where ${where} order by ${briefs.id} desc limit ${size + 1}`),
  );
  return toPage(rows, size, ({ id }) => id);
}

/** Null: no such brief of this user. */
export async function readBrief(db: Queryable, userId: string, briefId: string): Promise<BriefView | null> {
  return firstRow<BriefView>(db, {
    name: 'everbeat_read_brief',
    text: `select ${briefColumns('b', 't')} from everbeat.briefs b join everbeat.tasks t on t.id = b.task_id
           where b.id = $2::uuid and b.user_id = $1 and t.deleted_at is null`,
    values: [userId, briefId],
  });
}
