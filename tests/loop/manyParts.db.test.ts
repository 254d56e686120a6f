import { silentLogger } from '@everbeat/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world';

const COUNT = 60;
const ONCE = { automationMode: null, heartbeatInterval: null } as const;

/** Two processes on one database. */
let world: World;
let processes: Pick<World, 'runner' | 'lifecycle'>[];
const warnings: string[] = [];
beforeAll(async () => {
  const warn = (_fields: object, message?: string): void => void warnings.push(message ?? '');
  world = await createWorld({ places: COUNT, logger: { ...silentLogger, warn } });
  processes = [world, await world.secondProcess()];
});
afterAll(() => world.close());

/** A task with parts, and another that waits for all of them. */
async function family() {
  const { id } = await world.createTask({ ...ONCE, name: 'The fleet' });
  const { id: waiting } = await world.createTask(ONCE);
  const parts = await Promise.all(
    Array.from({ length: COUNT }, async (_, index) => {
      const part = await world.createTask({ ...ONCE, name: `ship ${index}`, parentTaskId: id });
      return part.id;
    }),
  );
  await world.query(
    `insert into everbeat.task_dependencies (user_id, task_id, depends_on_id, created_at)
     select $1, $2::uuid, part, now() from unnest($3::uuid[]) part`,
    [world.userId, waiting, parts],
  );
  return { id, waiting, parts };
}

/** Does something with every part at the same moment, by turns in either process. */
const withEach = (
  parts: string[],
  act: (process: (typeof processes)[number], part: string) => Promise<unknown>,
) => Promise.all(parts.map((part, index) => act(processes[index % 2] ?? world, part)));

const openBriefs = async (taskId: string) =>
  (await world.briefs(taskId)).filter(({ resolvedAction }) => resolvedAction === null);

test('many parts that are done at the same moment tell their parent once, and start what waits for them', async () => {
  const { id, waiting, parts } = await family();
  world.agent.hold();
  await withEach(parts, ({ runner }, taskId) => runner.run(world.userId, { taskId }));
  world.agent.release();
  await Promise.all(processes.map(({ runner }) => runner.idle()));

  expect(warnings).toEqual([]);
  expect(await openBriefs(id)).toMatchObject([
    { title: `All ${COUNT} parts of The fleet are done`, occurrences: 1 },
  ]);
  expect(await world.task(waiting)).toMatchObject({ status: 'scheduled' });
  await world.expectSound();
});

test('none of many parts that a person cancels at the same moment is refused', async () => {
  const { id, waiting, parts } = await family();
  const [done = '', ...others] = parts;
  await world.runNow(done);

  await withEach(others, ({ lifecycle }, part) => lifecycle.cancel(world.userId, part));

  expect(await openBriefs(id)).toMatchObject([
    { title: 'The one part of The fleet is done', occurrences: 1 },
  ]);
  expect(await openBriefs(waiting)).toMatchObject([{ title: expect.stringContaining(`${COUNT - 1} tasks`) }]);
  await world.expectSound();
});
