import { isUuid, type Page, type TaskStatus, type TaskView } from '@everbeat/domain';
import type { Queryable } from '../sql/queryable';
import { createFilter, likeAnywhere, type PageRequest, pageSize, toPage } from './filter';
import { TASK, type TaskRow, toTaskView } from './rows';

export interface TaskFilter extends PageRequest {
  statuses?: readonly TaskStatus[] | undefined;
  /** null: only tasks without a parent. */
  parentTaskId?: string | null | undefined;
  agentId?: string | undefined;
  /** Found anywhere in name, instruction or identifier, in any case. */
  query?: string | undefined;
}

/** Newest first. */
export async function readTasks(db: Queryable, userId: string, filter: TaskFilter): Promise<Page<TaskView>> {
  const conditions = createFilter();
  conditions.add((value) => `t.user_id = ${value}`, userId);
  conditions.add((value) => `t.status = any(${value}::text[])`, filter.statuses);
  if (filter.parentTaskId === null) conditions.require('t.parent_task_id is null');
  else conditions.add((value) => `t.parent_task_id = ${value}::uuid`, filter.parentTaskId);
  conditions.add((value) => `t.agent_id = ${value}::uuid`, filter.agentId);
  conditions.add(
    (value) => `(t.name ilike ${value} or t.instruction ilike ${value} or t.identifier ilike ${value})`,
    filter.query === undefined ? undefined : likeAnywhere(filter.query),
  );
  conditions.add((value) => `t.number < ${value}::int`, filter.cursor);
  const size = pageSize(filter.limit);
  const { rows } = await db.query<TaskRow>(
    `select ${TASK.of('t')} from tasks t where ${conditions.where()}
     order by t.number desc limit ${size + 1}`,
    conditions.values,
  );
  return toPage(rows.map(toTaskView), size, ({ identifier }) => identifier.slice('T-'.length));
}

/** Null: no such task of this user. */
export async function readTask(db: Queryable, userId: string, taskId: string): Promise<TaskView | null> {
  const { rows } = await db.query<TaskRow>({
    name: 'everbeat_read_task',
    text: `select ${TASK.of('t')} from tasks t where t.id = $2::uuid and t.user_id = $1`,
    values: [userId, taskId],
  });
  const [row] = rows;
  return row === undefined ? null : toTaskView(row);
}

const IDENTIFIER = /^T-([1-9]\d{0,8})$/i;

/** The id of the user's task that `ref`, an id or an identifier such as `T-12`, names; null when it names none. */
export async function readTaskId(db: Queryable, userId: string, ref: string): Promise<string | null> {
  const byId = isUuid(ref);
  const number = IDENTIFIER.exec(ref)?.[1];
  if (!byId && number === undefined) return null;
  const { rows } = await db.query<{ id: string }>({
    name: byId ? 'everbeat_read_task_id' : 'everbeat_find_task_number',
    text: `select id from tasks where user_id = $1 and ${byId ? 'id = $2::uuid' : 'number = $2::int'}`,
    values: [userId, byId ? ref : number],
  });
  return rows[0]?.id ?? null;
}
