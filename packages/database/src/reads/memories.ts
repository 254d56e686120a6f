import type { Queryable } from '../sql/queryable';

/**
 * What agents stored for these tasks, in the order of the keys: of a task that has nothing, or that is
 * another user's, null. One memory may be a megabyte: ask for few at a time.
 */
export async function loadMemories(
  db: Queryable,
  keys: readonly { taskId: string; userId: string }[],
): Promise<unknown[]> {
  const { rows } = await db.query<{ taskId: string; memory: unknown }>({
    name: 'everbeat_load_memories',
    text: `
      select m.task_id as "taskId", m.memory
      from unnest($1::uuid[], $2::text[]) as k(task_id, user_id)
        join everbeat.task_memories m on m.task_id = k.task_id and m.user_id = k.user_id`,
    values: [keys.map(({ taskId }) => taskId), keys.map(({ userId }) => userId)],
  });
  const memories = new Map(rows.map(({ taskId, memory }) => [taskId, memory]));
  return keys.map(({ taskId }) => memories.get(taskId) ?? null);
}
