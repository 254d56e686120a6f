import { LIMITS } from '@everbeat/domain';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { whileHeld } from '../support/heldRows';
import { createWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterEach(() => world.expectSound());
afterAll(() => world.close());

const TABLES = ['operations', 'topics', 'briefs', 'task_ticks', 'task_comments', 'task_memories'] as const;

/** How many rows of the task are left, and how many of its dependencies. */
async function rowsOf(taskId: string): Promise<number> {
  const counts = TABLES.map((table) => `(select count(*) from everbeat.${table} where task_id = $1)`);
  const [row] = await world.query<{ size: number }>(
    `select (${counts.join(' + ')} + (select count(*) from everbeat.tasks where id = $1)
       + (select count(*) from everbeat.task_dependencies where $1 in (task_id, depends_on_id)))::int as size`,
    [taskId],
  );
  return row?.size ?? 0;
}

/** Adds past runs to a task, with a topic and two messages each. */
const addRuns = (taskId: string, runs: number) =>
  world.query(
    `with runs as (
       insert into everbeat.topics (id, task_id, user_id, number, trigger, status, created_at, ended_at)
       select gen_random_uuid(), id, user_id, n, 'heartbeat', 'done', now(), now()
       from everbeat.tasks, generate_series(1, $2::int) n where id = $1 returning id, task_id, user_id
     ), operations as (
       insert into everbeat.operations (id, task_id, topic_id, user_id, trigger, status, claimed_from, callback_hash, started_at,
         heartbeat_at, lease_expires_at, finished_at)
       select gen_random_uuid(), task_id, id, user_id, 'heartbeat', 'done', 'scheduled', '', now(), now(), now(), now()
       from runs
     )
     insert into everbeat.messages (id, topic_id, user_id, role, content, created_at)
     select gen_random_uuid(), id, user_id, 'assistant', 'Looked', now() from runs, generate_series(1, 2)`,
    [taskId, runs],
  );

test('a deleted task is gone for everybody at once, and its run is stopped', async () => {
  const taskId = await world.startTask();
  world.agent.hold();
  const tick = {
    taskId,
    userId: world.userId,
    tickToken: (await world.task(taskId)).scheduler.tickToken ?? '',
  };
  const { finished } = await world.runner.runTick(tick);
  const request = await world.agent.started(1);
  const events = await world.feed.subscribe({ userId: world.userId, taskId });

  await world.lifecycle.delete(world.userId, taskId);

  expect(request.signal.aborted).toBe(true);
  world.agent.release();
  await finished;
  await expect(world.reads.task(world.userId, taskId)).rejects.toMatchObject({ code: 'task-not-found' });
  await expect(world.tasks.comment(world.userId, taskId, 'Late')).rejects.toMatchObject({
    code: 'task-not-found',
  });
  await expect(world.lifecycle.start(world.userId, taskId)).rejects.toMatchObject({ code: 'task-not-found' });
  await expect(world.lifecycle.delete(world.userId, taskId)).rejects.toMatchObject({
    code: 'task-not-found',
  });
  expect(await world.deliver(taskId, tick.tickToken)).toEqual({ ran: false, reason: 'not-found' });
  const kinds: string[] = [];
  for await (const together of events) {
    kinds.push(...together.map(({ kind }) => kind));
    if (kinds.includes('deleted')) break;
  }
  expect(kinds).toContain('deleted');
});

test('the watchdog removes everything that a deleted task has left behind, in small statements', async () => {
  const [taskId, subtaskId, dependentId] = [
    await world.startTask(),
    await world.startTask(),
    await world.startTask(),
  ];
  await world.tasks.update(world.userId, { id: subtaskId, parentTaskId: taskId });
  await world.tasks.addDependency(world.userId, dependentId, taskId);
  await world.tasks.comment(world.userId, taskId, 'Still needed?');
  await world.deliver(taskId);
  await addRuns(taskId, 1_200);

  await world.lifecycle.delete(world.userId, taskId);
  expect(await rowsOf(taskId)).toBeGreaterThan(2_400);
  const { leftovers } = await world.watchdog.sweep();
  expect(leftovers).toBeGreaterThan(2 * 2_400);

  expect(await rowsOf(taskId)).toBe(0);
  expect(await world.query('select kind from everbeat.task_activities where task_id = $1', [taskId])).toEqual(
    [{ kind: 'deleted' }],
  );
  expect(await world.reads.task(world.userId, subtaskId)).toMatchObject({ parentTaskId: null });
  expect(await world.task(dependentId)).toMatchObject({ status: 'scheduled' });
});

test('one pass removes a bounded number of rows, and the next one goes on', async () => {
  const rowsMax = LIMITS.removalStatementsMax * LIMITS.removedRowsPerStatement;
  const taskId = await world.startTask();
  await addRuns(taskId, 1);
  await world.query(
    `insert into everbeat.messages (id, topic_id, user_id, role, content, created_at)
     select gen_random_uuid(), p.id, user_id, 'tool', '', now() from everbeat.topics p, generate_series(1, $2::int)
     where task_id = $1`,
    [taskId, rowsMax],
  );
  await world.lifecycle.delete(world.userId, taskId);
  const first = await world.watchdog.sweep();
  expect(first.leftovers).toBeLessThanOrEqual(rowsMax);
  expect(await rowsOf(taskId)).toBeGreaterThan(0);
  await world.watchdog.sweep();
  expect(await rowsOf(taskId)).toBe(0);
});

test('a deleted task of which another session holds a row does not keep others from being removed', async () => {
  const [held, other] = [await world.startTask(), await world.startTask()];
  for (const taskId of [held, other]) {
    await addRuns(taskId, 3);
    await world.lifecycle.delete(world.userId, taskId);
  }
  await whileHeld(world.testDatabase.database.pool, 'tasks where id = $1', [held], async () => {
    await world.watchdog.sweep();
    expect(await rowsOf(other)).toBe(0);
    expect(await rowsOf(held)).toBe(1);
  });
  await world.watchdog.sweep();
  expect(await rowsOf(held)).toBe(0);
});
