import { AppError, LIMITS } from '@everbeat/domain';
import { firstRow, type Queryable } from '../sql/queryable';

/**
 * Locks the graph of one user's tasks: parents and dependencies. Every change of the graph holds this lock,
 * so what is checked under it stays true until the transaction ends. The checks must be later statements than
 * the lock, so that they see what the previous holder committed.
 */
export async function lockTaskGraph(client: Queryable, userId: string): Promise<void> {
  await client.query(`select pg_advisory_xact_lock(hashtextextended('everbeat-task-graph:' || $1, 0))`, [
    userId,
  ]);
}

/** Prevents the tasks from being deleted until the transaction ends. @throws AppError `task-not-found` */
export async function keepTasks(
  client: Queryable,
  userId: string,
  taskIds: readonly string[],
): Promise<void> {
  const { rowCount } = await client.query(
    'select 1 from everbeat.tasks where id = any($2::uuid[]) and user_id = $1 and deleted_at is null order by id for key share',
    [userId, taskIds],
  );
  if (rowCount !== new Set(taskIds).size) throw new AppError('task-not-found', 'There is no such task');
}

/** Prevents the agent from being deleted until the transaction ends. @throws AppError `agent-not-found` */
export async function keepAgent(client: Queryable, userId: string, agentId: string): Promise<void> {
  const { rowCount } = await client.query(
    'select 1 from everbeat.agents where id = $2::uuid and user_id = $1 for key share',
    [userId, agentId],
  );
  if (rowCount === 0) throw new AppError('agent-not-found', 'There is no such agent');
}

/**
 * The ancestors of `parent` with itself, and the subtree of `child`. The depth limit also stops at circles.
 */
const ANCESTRY = (parent: string, child: string): string => `
  lineage(id, parent_task_id, depth) as (
    select id, parent_task_id, 1 from everbeat.tasks where id = ${parent}
    union all
    select p.id, p.parent_task_id, l.depth + 1 from everbeat.tasks p join lineage l on p.id = l.parent_task_id
    where l.depth <= ${LIMITS.ancestorsDepthMax}
  ), subtree(id, depth) as (
    select id, 0 from everbeat.tasks where id = ${child}
    union all
    select c.id, s.depth + 1 from everbeat.tasks c join subtree s on c.parent_task_id = s.id
    where s.depth <= ${LIMITS.ancestorsDepthMax}
  )`;

/**
 * Checks whether a task (null: a new one) may become a subtask of `parentTaskId`.
 * @throws AppError `ancestor-circle`, `nesting-too-deep`, `dependency-circle`
 */
export async function assertMayNest(
  client: Queryable,
  taskId: string | null,
  parentTaskId: string,
): Promise<void> {
  const row = await firstRow<{ is_circle: boolean; depth: number; is_waiting: boolean }>(client, {
    text: `with recursive ${ANCESTRY('$2::uuid', '$1::uuid')}
     select exists (select 1 from lineage where id = $1::uuid) as is_circle,
       (select count(*) from lineage)::int + coalesce((select max(depth) from subtree), 0) as depth,
       exists (
         select 1 from everbeat.task_dependencies d
         where (d.task_id in (select id from subtree) and d.depends_on_id in (select id from lineage))
           or (d.task_id in (select id from lineage) and d.depends_on_id in (select id from subtree))
       ) as is_waiting`,
    values: [taskId, parentTaskId],
  });
  if (row?.is_circle) {
    throw new AppError(
      'ancestor-circle',
      'A task cannot be a subtask of itself or of one of its own subtasks',
    );
  }
  if (row !== null && row.depth > LIMITS.ancestorsDepthMax) {
    throw new AppError('nesting-too-deep', `Tasks nest at most ${LIMITS.ancestorsDepthMax} deep`);
  }
  if (row?.is_waiting) throw new AppError('dependency-circle', LINEAGE_DEPENDENCY);
}

const LINEAGE_DEPENDENCY = 'A task cannot wait for a task above or below it; remove that dependency first';

/**
 * Checks whether `taskId` may depend on `dependsOnId`.
 * @throws AppError `dependency-circle`, `limit-reached`
 */
export async function assertMayDepend(client: Queryable, taskId: string, dependsOnId: string): Promise<void> {
  const row = await firstRow<{ is_circle: boolean; is_lineage: boolean; size: number }>(client, {
    text: `with recursive awaited(id) as (
       select $2::uuid
       union
       select d.depends_on_id from everbeat.task_dependencies d join awaited w on w.id = d.task_id
     ), ${ANCESTRY('$1::uuid', '$1::uuid')}
     select exists (select 1 from awaited where id = $1::uuid) as is_circle,
       exists (select 1 from lineage where id = $2::uuid) or exists (select 1 from subtree where id = $2::uuid)
         as is_lineage,
       (select count(*) from everbeat.task_dependencies where task_id = $1::uuid)::int as size`,
    values: [taskId, dependsOnId],
  });
  if (row?.is_circle) {
    throw new AppError(
      'dependency-circle',
      'That task already waits for this one, so neither could ever start',
    );
  }
  if (row?.is_lineage) throw new AppError('dependency-circle', LINEAGE_DEPENDENCY);
  if (row !== null && row.size >= LIMITS.dependenciesPerTaskMax) {
    throw new AppError('limit-reached', `A task waits for at most ${LIMITS.dependenciesPerTaskMax} others`);
  }
}
