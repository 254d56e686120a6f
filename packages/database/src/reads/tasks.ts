import { isUuid, type Page, type TaskStatus, type TaskView } from '@everbeat/domain';
import { and, eq, ilike, inArray, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import { tasks } from '../schema';
import { firstRow, type Queryable } from '../sql/queryable';
import { compiled, likeAnywhere, type PageRequest, pageSize, toPage, when } from './filter';
import { TASK, type TaskRow, toTaskView } from './rows';

export interface TaskFilter extends PageRequest {
  statuses?: readonly TaskStatus[] | undefined;
  /** Null: only tasks without a parent. */
  parentTaskId?: string | null | undefined;
  agentId?: string | undefined;
  /** Matches anywhere in name, instruction or identifier, ignoring case. */
  query?: string | undefined;
}

const contains = (query: string): SQL | undefined => {
  const pattern = likeAnywhere(query);
  return or(ilike(tasks.name, pattern), ilike(tasks.instruction, pattern), ilike(tasks.identifier, pattern));
};

/** Newest first. */
export async function readTasks(db: Queryable, userId: string, filter: TaskFilter): Promise<Page<TaskView>> {
  const where = and(
    eq(tasks.userId, userId),
    isNull(tasks.deletedAt),
    when(filter.statuses, (statuses) => inArray(tasks.status, statuses)),
    when(filter.parentTaskId, (id) =>
      id === null ? isNull(tasks.parentTaskId) : eq(tasks.parentTaskId, id),
    ),
    when(filter.agentId, (id) => eq(tasks.agentId, id)),
    when(filter.query, contains),
    when(filter.cursor, (number) => lt(tasks.number, Number(number))),
  );
  const size = pageSize(filter.limit);
  const { rows } = await db.query<TaskRow & { number: number }>(
    compiled(sql`
      select ${sql.raw(TASK.of('tasks'))}, ${tasks.number} from ${tasks}
      where ${where} order by ${tasks.number} desc limit ${size + 1}`),
  );
  const { items, nextCursor } = toPage(rows, size, ({ number }) => String(number));
  return { items: items.map(({ number: _, ...row }) => toTaskView(row)), nextCursor };
}

/** Null: no such task of this user. */
export async function readTask(db: Queryable, userId: string, taskId: string): Promise<TaskView | null> {
  const row = await firstRow<TaskRow>(db, {
    name: 'everbeat_read_task',
    text: `select ${TASK.of('t')} from everbeat.tasks t
      where t.id = $2::uuid and t.user_id = $1 and t.deleted_at is null`,
    values: [userId, taskId],
  });
  return row === null ? null : toTaskView(row);
}

const IDENTIFIER = /^T-([1-9]\d{0,8})$/i;

/**
 * The id of the user's task that `ref` names, by id or by identifier (`T-12`). Null: no such task of this
 * user.
 */
export async function readTaskId(db: Queryable, userId: string, ref: string): Promise<string | null> {
  const byId = isUuid(ref);
  const number = IDENTIFIER.exec(ref)?.[1];
  if (!byId && number === undefined) return null;
  const { rows } = await db.query<{ id: string }>({
    name: byId ? 'everbeat_read_task_id' : 'everbeat_find_task_number',
    text: `select id from everbeat.tasks where user_id = $1 and ${byId ? 'id = $2::uuid' : 'number = $2::int'}
      and deleted_at is null`,
    values: [userId, byId ? ref : number],
  });
  return rows[0]?.id ?? null;
}
