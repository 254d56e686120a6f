import { AppError, toInstant } from '@everbeat/domain';
import type { Pool } from 'pg';
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
 * depends on it. So does the other one when the dependency is added: its end has to be written with what
 * waits for it.
 */
const RECORDED = (reason: 'added' | 'removed'): string => `
  revised as (
    update everbeat.tasks t set revision = t.revision + 1, updated_at = $4::timestamptz from changed c
    where t.id = c.task_id${reason === 'added' ? ' or t.id = c.depends_on_id' : ''}
  )
  insert into everbeat.task_activities (task_id, user_id, kind, reason, ref_id, created_at)
  select task_id, user_id, 'edit', 'dependency-${reason}', depends_on_id, $4::timestamptz from changed
  union all
  select depends_on_id, user_id, 'edit', 'dependent-${reason}', task_id, $4::timestamptz from changed`;

/**
 * What else the transaction of a change writes to the task that waits; it is called only if there is a
 * change.
 */
export type FollowUp = (client: Queryable) => Promise<void>;

/**
 * Adding it twice changes nothing.
 * @throws AppError `task-not-found` (either of the two), `dependency-circle`, `limit-reached`
 */
export async function addDependency(
  pool: Pool,
  link: Dependency,
  now: Date,
  followUp: FollowUp,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    await lockTaskGraph(client, link.userId);
    await keepTasks(client, link.userId, [link.taskId, link.dependsOnId]);
    await assertMayDepend(client, link.taskId, link.dependsOnId);
    const { rowCount } = await client.query(
      `with changed as (
         insert into everbeat.task_dependencies (user_id, task_id, depends_on_id, created_at)
         values ($1, $2::uuid, $3::uuid, $4::timestamptz)
         on conflict do nothing
         returning user_id, task_id, depends_on_id
       ), ${RECORDED('added')}`,
      valuesOf(link, now),
    );
    if (rowCount !== 0) await followUp(client);
  });
}

/** @throws AppError `dependency-not-found` */
export async function removeDependency(
  pool: Pool,
  link: Dependency,
  now: Date,
  followUp: FollowUp,
): Promise<void> {
  await inTransaction(pool, async (client) => {
    const { rowCount } = await client.query(
      `with changed as (
         delete from everbeat.task_dependencies d
         where d.user_id = $1 and d.task_id = $2::uuid and d.depends_on_id = $3::uuid
         returning d.user_id, d.task_id, d.depends_on_id
       ), ${RECORDED('removed')}`,
      valuesOf(link, now),
    );
    if (rowCount === 0) throw new AppError('dependency-not-found', 'The task does not depend on that one');
    await followUp(client);
  });
}

const valuesOf = (link: Dependency, now: Date): string[] => [
  link.userId,
  link.taskId,
  link.dependsOnId,
  toInstant(now),
];
