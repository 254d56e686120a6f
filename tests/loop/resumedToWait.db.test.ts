import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterEach(() => world.expectSound());
afterAll(() => world.close());

/** A heartbeat task that depends on a part of another: that part, once it is done, completes by itself. */
async function waiting(): Promise<{ taskId: string; awaitedId: string }> {
  const whole = await world.createTask();
  const part = { automationMode: null, heartbeatInterval: null, parentTaskId: whole.id } as const;
  const [awaited, task] = [await world.createTask(part), await world.createTask()];
  await world.tasks.addDependency(world.userId, task.id, awaited.id);
  return { taskId: task.id, awaitedId: awaited.id };
}

async function complete(taskId: string): Promise<void> {
  await world.runner.run(world.userId, { taskId });
  await world.runner.idle();
  expect((await world.task(taskId)).status).toBe('completed');
}

const begun = { status: 'scheduled', scheduler: { tickToken: expect.any(String), trigger: 'heartbeat' } };

test('a task that was paused while it waited for another waits for it again once it is resumed', async () => {
  const { taskId, awaitedId } = await waiting();
  await world.lifecycle.pause(world.userId, taskId);
  await world.lifecycle.resume(world.userId, taskId);
  expect(await world.task(taskId)).toMatchObject({ status: 'backlog', scheduler: { tickToken: null } });

  await complete(awaitedId);

  expect(await world.task(taskId)).toMatchObject(begun);
});

test('a task whose wait ended while it was paused begins once it is resumed, and not before', async () => {
  const { taskId, awaitedId } = await waiting();
  await world.lifecycle.pause(world.userId, taskId);
  await complete(awaitedId);
  expect((await world.task(taskId)).status).toBe('paused');

  await world.lifecycle.resume(world.userId, taskId);

  expect(await world.task(taskId)).toMatchObject(begun);
});

test('a task that is resumed at the very moment its wait ends is not left waiting', async () => {
  const { taskId, awaitedId } = await waiting();
  await world.lifecycle.pause(world.userId, taskId);
  const holder = await world.testDatabase.database.pool.connect();
  await holder.query('begin');
  await holder.query('select 1 from tasks where id = $1 for update', [taskId]);

  // Both have read the task before either writes.
  const resumed = world.lifecycle.resume(world.userId, taskId);
  while ((await world.lockWaiters()) < 1);
  let isComplete = false;
  const completed = complete(awaitedId).then(() => {
    isComplete = true;
  });
  while (!isComplete && (await world.lockWaiters()) < 2);
  await holder.query('rollback');
  holder.release();
  await Promise.all([resumed, completed]);

  expect(await world.task(taskId)).toMatchObject(begun);
});
