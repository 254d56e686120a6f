import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { whileHeld } from '../support/heldRows';
import { createWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterEach(() => world.expectSound());
afterAll(() => world.close());

/**
 * A heartbeat task that depends on a subtask of another task. A subtask is completed by its first good run.
 */
async function taskWithDependency(): Promise<{ taskId: string; dependencyId: string }> {
  const parent = await world.createTask();
  const subtask = { automationMode: null, heartbeatInterval: null, parentTaskId: parent.id } as const;
  const [dependency, task] = [await world.createTask(subtask), await world.createTask()];
  await world.tasks.addDependency(world.userId, task.id, dependency.id);
  return { taskId: task.id, dependencyId: dependency.id };
}

async function complete(taskId: string, { runner }: Pick<World, 'runner'> = world): Promise<void> {
  await runner.run(world.userId, { taskId });
  await runner.idle();
  expect((await world.task(taskId)).status).toBe('completed');
}

const started = { status: 'scheduled', scheduler: { tickToken: expect.any(String), trigger: 'heartbeat' } };

test('a task resumed while its dependency is unmet goes to backlog, and starts when the dependency completes', async () => {
  const { taskId, dependencyId } = await taskWithDependency();
  await world.lifecycle.pause(world.userId, taskId);
  await world.lifecycle.resume(world.userId, taskId);
  expect(await world.task(taskId)).toMatchObject({ status: 'backlog', scheduler: { tickToken: null } });

  await complete(dependencyId);

  expect(await world.task(taskId)).toMatchObject(started);
});

test('a task whose dependency completed while it was paused starts when it is resumed, not before', async () => {
  const { taskId, dependencyId } = await taskWithDependency();
  await world.lifecycle.pause(world.userId, taskId);
  await complete(dependencyId);
  expect((await world.task(taskId)).status).toBe('paused');

  await world.lifecycle.resume(world.userId, taskId);

  expect(await world.task(taskId)).toMatchObject(started);
});

test('a task that is resumed at the same moment as its dependency completes starts', async () => {
  const { taskId, dependencyId } = await taskWithDependency();
  // In one process they would take turns.
  const other = await world.secondProcess();
  await world.lifecycle.pause(world.userId, taskId);
  const ends: Promise<unknown>[] = [];
  // While this lock is held, the resume and the completion can both read the task, but neither can write it.
  await whileHeld(world.testDatabase.database.pool, 'tasks where id = $1', [taskId], async () => {
    ends.push(world.lifecycle.resume(world.userId, taskId));
    while ((await world.lockWaiters()) < 1);
    let isComplete = false;
    const completed = complete(dependencyId, other).then(() => {
      isComplete = true;
    });
    ends.push(completed);
    while (!isComplete && (await world.lockWaiters()) < 2);
  });
  await Promise.all(ends);

  expect(await world.task(taskId)).toMatchObject(started);
});
