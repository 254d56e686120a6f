import { NAMED_AFTER_PAGE, type StoredTask, type Task, type TaskFields, toInstant } from '@everbeat/domain';
import type { Pool } from 'pg';
import { TASK, type TaskRow, toStoredTask } from '../reads/rows';
import { EDITED_COLUMNS, editedColumns } from '../sql/edited';
import { lockWait } from '../sql/lockWait';
import { allRows, type Queryable } from '../sql/queryable';
import type { FollowUp } from './dependencies';
import { assertMayNest, keepAgent, keepTasks, lockTaskGraph } from './taskGraph';
import { inTransaction } from './transaction';

export type NewTask = Pick<Task, 'id' | 'userId'> & TaskFields;

/**
 * Adds a task to the backlog and numbers it.
 * @throws AppError `agent-not-found`, `task-not-found` (the parent), `nesting-too-deep`
 */
export async function createTask(pool: Pool, task: NewTask, now: Date): Promise<StoredTask> {
  const { agentId, parentTaskId, userId } = task;
  if (agentId === null && parentTaskId === null) return insertTask(pool, task, now);
  return inTransaction(pool, async (client) => {
    if (parentTaskId !== null) {
      await lockTaskGraph(client, userId);
      await keepTasks(client, userId, [parentTaskId]);
      await assertMayNest(client, null, parentTaskId);
    }
    if (agentId !== null) await keepAgent(client, userId, agentId);
    return insertTask(client, task, now);
  });
}

/**
 * Adds tasks of one user to the backlog, all of them or none, with what `followUp` writes in the same
 * transaction. None of them has a parent.
 * @throws AppError `agent-not-found`; whatever `followUp` throws
 */
export async function createTasks(
  pool: Pool,
  { userId, agentId, tasks }: { userId: string; agentId: string; tasks: readonly NewTask[] },
  now: Date,
  followUp: FollowUp,
): Promise<StoredTask[]> {
  return inTransaction(pool, async (client) => {
    await keepAgent(client, userId, agentId);
    const created = await insertTasks(client, userId, tasks, now);
    await followUp(client);
    return created;
  });
}

/**
 * Names a task that still has the name `from`. A task that a person has named meanwhile keeps that name. By
 * the primary key.
 */
export async function renameTask(
  db: Queryable,
  task: { taskId: string; userId: string; from: string; to: string },
  now: Date,
): Promise<void> {
  await db.query({
    name: 'everbeat_rename_task',
    text: `
      with renamed as (
        update everbeat.tasks t set name = $4, updated_at = $5::timestamptz from ${lockWait('alone')}
        where t.id = $1::uuid and t.user_id = $2 and t.name = $3 and t.deleted_at is null
        returning t.id, t.user_id
      )
      insert into everbeat.task_activities (task_id, user_id, kind, reason, created_at, changes)
      select id, user_id, 'edit', '${NAMED_AFTER_PAGE}', $5::timestamptz,
        jsonb_build_array(jsonb_build_object('field', 'name', 'from', $3::text, 'to', $4::text)) from renamed`,
    values: [task.taskId, task.userId, task.from, task.to, toInstant(now)],
  });
}

async function insertTask(db: Queryable, task: NewTask, now: Date): Promise<StoredTask> {
  const [created] = await insertTasks(db, task.userId, [task], now);
  if (created === undefined) throw new Error('A task was created for a user that does not exist');
  return created;
}

/**
 * The lock on the user's row gives each of their tasks its own number, even when several are created at the
 * same time. They are numbered in their order.
 */
async function insertTasks(
  db: Queryable,
  userId: string,
  tasks: readonly NewTask[],
  now: Date,
): Promise<StoredTask[]> {
  const rows = await allRows<TaskRow>(db, {
    name: 'everbeat_create_tasks',
    text: `
      with given as (
        select f.*, g.place from jsonb_array_elements($2::jsonb) with ordinality as g(task, place),
          jsonb_populate_record(null::everbeat.tasks, g.task) f
      ), numbered as (
        update everbeat.users u set task_counter = u.task_counter + (select count(*)::int from given)
        from ${lockWait('person')}
        where u.id = $1 returning u.task_counter - (select count(*)::int from given) as before
      ), t as (
        insert into everbeat.tasks (id, user_id, number, identifier, ${EDITED_COLUMNS.join(', ')}, created_at, updated_at)
        select f.id, $1, n.before + f.place, 'T-' || (n.before + f.place), ${EDITED_COLUMNS.map((name) => `f.${name}`).join(', ')},
          $3::timestamptz, $3::timestamptz
        from numbered n, given f
        returning *
      ), history as (
        insert into everbeat.task_activities (task_id, user_id, kind, to_status, reason, ref_id, created_at)
        select id, user_id, 'status', status, 'created', null::uuid, created_at from t
        union all
        select parent_task_id, user_id, 'edit', null, 'subtask-added', id, created_at from t
        where parent_task_id is not null
      )
      select ${TASK.of('t')} from t order by t.number`,
    values: [
      userId,
      JSON.stringify(tasks.map(({ userId: _, ...task }) => editedColumns(task))),
      toInstant(now),
    ],
  });
  return rows.map(toStoredTask);
}

/**
 * Moves a task under another parent, or to the top level (null). Does nothing if it is there already.
 * @throws AppError `task-not-found` (either of the two), `ancestor-circle`, `nesting-too-deep`,
 *   `dependency-circle`
 */
export async function moveTask(
  pool: Pool,
  move: { userId: string; taskId: string; parentTaskId: string | null },
  now: Date,
): Promise<void> {
  const { userId, taskId, parentTaskId } = move;
  await inTransaction(pool, async (client) => {
    await lockTaskGraph(client, userId);
    await keepTasks(client, userId, parentTaskId === null ? [taskId] : [taskId, parentTaskId]);
    if (parentTaskId !== null) await assertMayNest(client, taskId, parentTaskId);
    await client.query(
      `with former as (
         select id, parent_task_id from everbeat.tasks where id = $2::uuid for no key update
       ), moved as (
         update everbeat.tasks t set parent_task_id = $3::uuid, revision = t.revision + 1, updated_at = $4::timestamptz
         from former f where t.id = f.id and f.parent_task_id is distinct from $3::uuid
         returning t.id, f.parent_task_id as former_id
       )
       insert into everbeat.task_activities (task_id, user_id, kind, reason, ref_id, created_at, changes)
       select id, $1, 'edit', 'moved', $3::uuid, $4::timestamptz, jsonb_build_array(jsonb_build_object(
         'field', 'parentTaskId',
         'from', (select p.identifier from everbeat.tasks p where p.id = former_id),
         'to', (select p.identifier from everbeat.tasks p where p.id = $3::uuid))) from moved
       union all
       select former_id, $1, 'edit', 'subtask-removed', id, $4::timestamptz, null from moved where former_id is not null
       union all
       select $3::uuid, $1, 'edit', 'subtask-added', id, $4::timestamptz, null from moved where $3::uuid is not null`,
      [userId, taskId, parentTaskId, toInstant(now)],
    );
  });
}

/** False: no such task of this user. */
export async function addComment(
  db: Queryable,
  comment: { id: string; userId: string; taskId: string; content: string },
  now: Date,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'everbeat_add_comment',
    text: `
      with added as (
        insert into everbeat.task_comments (id, task_id, user_id, author, content, created_at)
        select $2::uuid, t.id, t.user_id, 'user', $4, $5::timestamptz
        from everbeat.tasks t, ${lockWait('alone')}
        where t.id = $3::uuid and t.user_id = $1 and t.deleted_at is null
        returning id, task_id, user_id
      )
      insert into everbeat.task_activities (task_id, user_id, kind, reason, ref_id, created_at)
      select task_id, user_id, 'comment', 'added', id, $5::timestamptz from added`,
    values: [comment.userId, comment.id, comment.taskId, comment.content, toInstant(now)],
  });
  return rowCount === 1;
}
