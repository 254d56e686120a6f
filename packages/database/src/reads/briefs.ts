import type { BriefPriority, BriefView, Page } from '@everbeat/domain';
import type { Queryable } from '../sql/queryable';
import { createFilter, type PageRequest, pageSize, toPage } from './filter';
import { BRIEF_COLUMNS } from './rows';

export interface BriefFilter extends PageRequest {
  taskId?: string | undefined;
  /** true: only those that wait for the person; false: only those that do not. */
  unresolved?: boolean | undefined;
  priorities?: readonly BriefPriority[] | undefined;
}

/** Newest first. */
export async function readBriefs(
  db: Queryable,
  userId: string,
  filter: BriefFilter,
): Promise<Page<BriefView>> {
  const conditions = createFilter();
  conditions.add((value) => `b.user_id = ${value}`, userId);
  conditions.add((value) => `b.task_id = ${value}::uuid`, filter.taskId);
  conditions.add((value) => `b.priority = any(${value}::text[])`, filter.priorities);
  if (filter.unresolved === true) conditions.require('b.resolved_at is null');
  if (filter.unresolved === false) conditions.require('b.resolved_at is not null');
  conditions.add((value) => `b.id < ${value}::uuid`, filter.cursor);
  const size = pageSize(filter.limit);
  const { rows } = await db.query<BriefView>(
    `select ${BRIEF_COLUMNS} from briefs b join tasks t on t.id = b.task_id
     where ${conditions.where()} order by b.id desc limit ${size + 1}`,
    conditions.values,
  );
  return toPage(rows, size, ({ id }) => id);
}

/** Null: no such brief of this user. */
export async function readBrief(db: Queryable, userId: string, briefId: string): Promise<BriefView | null> {
  const { rows } = await db.query<BriefView>({
    name: 'everbeat_read_brief',
    text: `select ${BRIEF_COLUMNS} from briefs b join tasks t on t.id = b.task_id
           where b.id = $2::uuid and b.user_id = $1`,
    values: [userId, briefId],
  });
  return rows[0] ?? null;
}
