import { AppError, toInstant } from '@everbeat/domain';
import type { Pool } from 'pg';
import { lockWait } from '../sql/lockWait';
import type { Queryable } from '../sql/queryable';
import { assertMayDepend, keepTasks, lockTaskGraph } from './taskGraph';
import { inTransaction } from './transaction';

export interface Dependency {
  userId: string;
  /** The task that waits. */
  taskId: string;
  /** The task it waits for. */
  dependsOnId: string;
}

/**
 * Records the change for both tasks' pages. The task that waits gets a new revision, because its start
 * depends on it.
 */
const RECORDED = (reason: 'added' | 'removed'): string => `
  revised as (
    update everbeat.tasks t set revision = t.revision + 1, updated_at = $4::timestamptz from changed c where t.id = c.task_id
  )
  insert into everbeat.task_activities (task_id, user_id, kind, reason, ref_id, created_at)
  select task_id, user_id, 'edit', 'dependency-${reason}', depends_on_id, $4::timestamptz from changed
  union all
  select depends_on_id, user_id, 'edit', 'dependent-${reason}', task_id, $4::timestamptz from changed`;

/**
 * Adding it twice changes nothing.
 * @throws AppError `task-not-found` (either of the two), `dependency-circle`, `limit-reached`
 */
export async function addDependency(pool: Pool, link: Dependency, now: Date): Promise<void> {
  await inTransaction(pool, async (client) => {
    await lockTaskGraph(client, link.userId);
    await keepTasks(client, link.userId, [link.taskId, link.dependsOnId]);
    await assertMayDepend(client, link.taskId, link.dependsOnId);
    await client.query(
      `with changed as (
         insert into everbeat.task_dependencies (user_id, task_id, depends_on_id, created_at)
         values ($1, $2::uuid, $3::uuid, $4::timestamptz)
         on conflict do nothing
         returning user_id, task_id, depends_on_id
       ), ${RECORDED('added')}`,
      valuesOf(link, now),
    );
  });
}

/** @throws AppError `dependency-not-found` */
export async function removeDependency(db: Queryable, link: Dependency, now: Date): Promise<void> {
  const { rowCount } = await db.query(
    `with changed as (
       delete from everbeat.task_dependencies d using ${lockWait('alone')}
       where d.user_id = $1 and d.task_id = $2::uuid and d.depends_on_id = $3::uuid
       returning d.user_id, d.task_id, d.depends_on_id
     ), ${RECORDED('removed')}`,
    valuesOf(link, now),
  );
  if (rowCount === 0) throw new AppError('dependency-not-found', 'The task does not depend on that one');
}

const valuesOf = (link: Dependency, now: Date): string[] => [
  link.userId,
  link.taskId,
  link.dependsOnId,
  toInstant(now),
];
