import type { TaskStatus } from '@everbeat/domain';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type ApiWorld, createApiWorld } from '../support/apiWorld';

let world: ApiWorld;
let parent: string;
beforeAll(async () => {
  world = await createApiWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.query('delete from everbeat.tasks');
  parent = (await world.createTask({ name: 'The ship' })).id;
});
afterEach(() => world.expectSound());

const NOTHING = { started: 0, waiting: 0, alreadyRunning: 0, refused: 0, notReady: [], more: false };

const part = async (name: string): Promise<string> =>
  (await world.createTask({ name, parentTaskId: parent, automationMode: null })).id;
const statuses = async (): Promise<Record<string, TaskStatus>> => {
  const { subtasks } = await world.ada.task.detail({ id: parent });
  return Object.fromEntries(subtasks.map(({ name, status }) => [name, status]));
};
const runAll = () => world.ada.task.runSubtasks({ id: parent });
const counts = async () => (await world.ada.task.detail({ id: parent })).subtaskCounts;

it('starts the parts that wait for nobody; the others start when those complete', async () => {
  const [hull, mast, sail] = [await part('hull'), await part('mast'), await part('sail')];
  await world.ada.task.addDependency({ id: mast, dependsOnId: hull });
  await world.ada.task.addDependency({ id: sail, dependsOnId: mast });

  expect(await runAll()).toEqual({ ...NOTHING, started: 1, waiting: 2 });
  expect(await statuses()).toEqual({ hull: 'scheduled', mast: 'backlog', sail: 'backlog' });

  await world.beat(hull);
  expect(await statuses()).toEqual({ hull: 'completed', mast: 'scheduled', sail: 'backlog' });
  await world.beat(mast);
  expect(await counts()).toEqual({ total: 3, done: 2, resting: 0 });
  await world.beat(sail);
  expect(await counts()).toEqual({ total: 3, done: 3, resting: 0 });
});

it('resumes paused parts; one that waits for another goes to the backlog, and starts after it', async () => {
  const [hull, mast] = [await part('hull'), await part('mast')];
  await world.ada.task.addDependency({ id: mast, dependsOnId: hull });
  for (const id of [hull, mast]) await world.ada.task.pause({ id });

  expect(await runAll()).toEqual({ ...NOTHING, started: 1, waiting: 1 });
  expect(await statuses()).toEqual({ hull: 'scheduled', mast: 'backlog' });
  await world.beat(hull);
  expect(await statuses()).toEqual({ hull: 'completed', mast: 'scheduled' });
});

it('answers the open brief that asks whether to start the parts', async () => {
  const loop = await world.startTask({ heartbeatInterval: 3_600 });
  const subtasks = [{ name: 'hull', instruction: 'Build it' }];
  world.agent.next({ kind: 'done', content: 'Split', subtasks });
  await world.beat(loop);
  await world.createTask({ name: 'by hand', parentTaskId: loop });

  expect(await world.ada.task.runSubtasks({ id: loop })).toEqual({ ...NOTHING, started: 2 });
  const { briefs } = await world.ada.task.detail({ id: loop });
  expect(briefs.map(({ resolvedAction }) => resolvedAction)).toEqual(['start']);
});

it('starts nothing twice, however often it is called', async () => {
  for (const name of ['hull', 'mast']) await part(name);

  const both = await Promise.all([runAll(), runAll()]);
  expect(both[0].started + both[1].started).toBe(2);
  expect(await runAll()).toEqual({ ...NOTHING, alreadyRunning: 2 });
});

it('leaves what has ended, and counts what cannot be armed', async () => {
  const [done, canceled, broken] = [await part('done'), await part('canceled'), await part('broken')];
  await world.runNow(done);
  await world.ada.task.cancel({ id: canceled });
  await world.query(
    `update everbeat.tasks set automation_mode = 'heartbeat', heartbeat_interval = null where id = $1`,
    [broken],
  );

  expect(await counts()).toEqual({ total: 2, done: 1, resting: 1 });
  expect(await runAll()).toEqual({ ...NOTHING, refused: 1 });
  expect(await statuses()).toEqual({ done: 'completed', canceled: 'canceled', broken: 'backlog' });
});

it('starts more parts than one page has', async () => {
  for (let index = 0; index < 21; index += 1) await part(`part ${index}`);
  expect(await runAll()).toEqual({ ...NOTHING, started: 21 });
});
