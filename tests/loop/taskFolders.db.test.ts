import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LIMITS } from '@everbeat/domain';
import { createTempFolder } from '@everbeat/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world';

let world: World;
let data: string;
beforeEach(async () => {
  data = await createTempFolder('data');
  world = await createWorld({ env: { DATA_DIR: data } });
});
afterEach(async () => {
  await world.close();
  await rm(data, { recursive: true });
});

const foldersLeft = () => readdir(path.join(data, 'workspaces'));

async function makeFolder(taskId: string): Promise<void> {
  await mkdir(path.join(data, 'workspaces', taskId), { recursive: true });
  await writeFile(path.join(data, 'workspaces', taskId, 'file'), 'of a command');
}

test('the watchdog removes the folder of a deleted task, and of no task that lives', async () => {
  const [deleted, living] = [await world.startTask(), await world.startTask()];
  await makeFolder(deleted);
  await makeFolder(living);

  await world.watchdog.sweep();
  expect((await foldersLeft()).sort()).toEqual([deleted, living].sort());

  await world.lifecycle.delete(world.userId, deleted);
  await world.watchdog.sweep();
  expect(await foldersLeft()).toEqual([living]);
});

test('a folder that a command makes again while it is being stopped is removed too', async () => {
  const taskId = await world.startTask();
  await world.lifecycle.delete(world.userId, taskId);
  await world.watchdog.sweep();
  expect(await world.query('select 1 from everbeat.tasks where id = $1', [taskId])).toEqual([]);

  await makeFolder(taskId);
  await world.watchdog.sweep();
  expect(await foldersLeft()).toEqual([]);
});

test('the folder of a task that this database never knew stays, for another one may', async () => {
  const unknown = '0196a1b2-0000-7000-8000-000000000001';
  await makeFolder(unknown);
  await world.watchdog.sweep();
  expect(await foldersLeft()).toEqual([unknown]);
});

test('a pass looks at a bounded number of folders, and the next one goes on', async () => {
  const taskId = await world.startTask();
  await makeFolder(taskId);
  const before = Array.from(
    { length: LIMITS.foldersPerSweepMax },
    (_, index) => `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`,
  );
  await Promise.all(before.map((id) => mkdir(path.join(data, 'workspaces', id))));
  await world.lifecycle.delete(world.userId, taskId);

  await world.watchdog.sweep();
  expect(await foldersLeft()).toContain(taskId);
  await world.watchdog.sweep();
  expect(await foldersLeft()).not.toContain(taskId);
});

test('a folder that cannot be read keeps the watchdog from nothing', async () => {
  await writeFile(path.join(data, 'workspaces'), 'a file');
  expect(await world.watchdog.sweep()).toMatchObject({ leftovers: 0 });
});
