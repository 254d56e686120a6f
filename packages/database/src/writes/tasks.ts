import { type AutomationMode, type TaskConfig, type TaskView, toInstant } from '@everbeat/domain';
import type { Pool } from 'pg';
import { TASK_COLUMNS, type TaskRow, toTaskView } from '../reads/rows';
import type { Queryable } from '../sql/queryable';
import { assertMayNest, keepAgent, keepTasks, lockTaskGraph } from './taskGraph';
import { inTransaction } from './transaction';

export interface NewTask {
  id: string;
  userId: string;
  name: string;
  instruction: string;
  agentId: string | null;
  parentTaskId: string | null;
  automationMode: AutomationMode | null;
  /** Seconds. */
  heartbeatInterval: number | null;
  /** Seconds. */
  heartbeatTimeout: number;
  schedulePattern: string | null;
  scheduleTimezone: string | null;
  priority: number;
  maxTopics: number | null;
  config: TaskConfig;
}

/**
 * Adds a task to the backlog and numbers it.
 * @throws AppError `agent-not-found`, `task-not-found` (the parent), `nesting-too-deep`
 */
export async function createTask(pool: Pool, task: NewTask, now: Date): Promise<TaskView> {
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

/** The row lock of the counter gives each task of a user its own number, whoever else creates one at the time. */
async function insertTask(db: Queryable, task: NewTask, now: Date): Promise<TaskView> {
  const { rows } = await db.query<TaskRow>({
    name: 'everbeat_create_task',
    text: `
      with numbered as (
        update users set task_counter = task_counter + 1 where id = $1 returning task_counter as number
      ), t as (
        insert into tasks (id, user_id, number, identifier, name, instruction, agent_id, parent_task_id, automation_mode,
          heartbeat_interval, heartbeat_timeout, schedule_pattern, schedule_timezone, priority, max_topics, config,
          created_at, updated_at)
        select $2::uuid, $1, number, 'T-' || number, $3, $4, $5::uuid, $6::uuid, $7,
          $8::int, $9::int, $10, $11, $12::int, $13::int, $14::jsonb, $15::timestamptz, $15::timestamptz
        from numbered
        returning *
      ), history as (
        insert into task_activities (task_id, user_id, kind, to_status, reason, ref_id, created_at)
        select id, user_id, 'status', status, 'created', null::uuid, created_at from t
        union all
        select parent_task_id, user_id, 'edit', null, 'subtask-added', id, created_at from t
        where parent_task_id is not null
      )
      select ${TASK_COLUMNS} from t`,
    values: [
      task.userId,
      task.id,
      task.name,
      task.instruction,
      task.agentId,
      task.parentTaskId,
      task.automationMode,
      task.heartbeatInterval,
      task.heartbeatTimeout,
      task.schedulePattern,
      task.scheduleTimezone,
      task.priority,
      task.maxTopics,
      JSON.stringify(task.config),
      toInstant(now),
    ],
  });
  const [row] = rows;
  if (row === undefined) throw new Error('A task was created for a user that does not exist');
  return toTaskView(row);
}

/**
 * Moves a task under another parent, or under none. Says nothing when it is there already.
 * @throws AppError `task-not-found` (either of the two), `ancestor-circle`, `nesting-too-deep`, `dependency-circle`
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
         select id, parent_task_id from tasks where id = $2::uuid for no key update
       ), moved as (
         update tasks t set parent_task_id = $3::uuid, revision = t.revision + 1, updated_at = $4::timestamptz
         from former f where t.id = f.id and f.parent_task_id is distinct from $3::uuid
         returning t.id, f.parent_task_id as former_id
       )
       insert into task_activities (task_id, user_id, kind, reason, ref_id, created_at)
       select id, $1, 'edit', 'moved', $3::uuid, $4::timestamptz from moved
       union all
       select former_id, $1, 'edit', 'subtask-removed', id, $4::timestamptz from moved where former_id is not null
       union all
       select $3::uuid, $1, 'edit', 'subtask-added', id, $4::timestamptz from moved where $3::uuid is not null`,
      [userId, taskId, parentTaskId, toInstant(now)],
    );
  });
}

/** Answers false when there is no such task of this user. */
export async function addComment(
  db: Queryable,
  comment: { id: string; userId: string; taskId: string; content: string },
  now: Date,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'everbeat_add_comment',
    text: `
      with added as (
        insert into task_comments (id, task_id, user_id, author, content, created_at)
        select $2::uuid, t.id, t.user_id, 'user', $4, $5::timestamptz
        from tasks t where t.id = $3::uuid and t.user_id = $1
        returning id, task_id, user_id
      )
      insert into task_activities (task_id, user_id, kind, reason, ref_id, created_at)
      select task_id, user_id, 'comment', 'added', id, $5::timestamptz from added`,
    values: [comment.userId, comment.id, comment.taskId, comment.content, toInstant(now)],
  });
  return rowCount === 1;
}
