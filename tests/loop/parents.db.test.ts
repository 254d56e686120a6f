import type { TaskCreateInput } from '@everbeat/domain';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world';

/** Two processes on one database. */
let world: World;
let other: Pick<World, 'runner' | 'lifecycle'>;
beforeAll(async () => {
  world = await createWorld();
  other = await world.secondProcess();
});
afterEach(async () => {
  await world.expectSound();
  await world.query('delete from everbeat.tasks');
});
afterAll(() => world.close());

const ONCE = { automationMode: null } as const;

async function partsOf(parentTaskId: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const name = `part ${index}`;
    ids.push((await world.createTask({ ...ONCE, name, parentTaskId })).id);
  }
  return ids;
}
const parentWith = async (count: number, input: Partial<TaskCreateInput> = ONCE) => {
  const { id } = await world.createTask({ name: 'The ship', ...input });
  return { id, parts: await partsOf(id, count) };
};
const open = async (id: string) => {
  const { briefs } = await world.reads.taskDetail(world.userId, id);
  return briefs.filter(({ resolvedAt }) => resolvedAt === null);
};
const titles = async (id: string) => (await open(id)).map(({ title }) => title);

describe('a parent that rests', () => {
  test('is told with one brief when the last of its parts is done', async () => {
    const { id, parts } = await parentWith(2);
    await world.runNow(parts[0] ?? '');
    expect(await open(id)).toEqual([]);

    await world.runNow(parts[1] ?? '');
    expect(await open(id)).toMatchObject([
      { type: 'result', priority: 'normal', title: 'All 2 parts of The ship are done', occurrences: 1 },
    ]);
    expect(await world.task(id)).toMatchObject({ status: 'backlog' });
  });

  test('is told once when its last parts end at the same moment, in two processes', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { id, parts } = await parentWith(4);
      world.agent.hold();
      await Promise.all(
        parts.map((taskId, index) => (index % 2 === 0 ? world : other).runner.run(world.userId, { taskId })),
      );
      world.agent.release();
      await Promise.all([world.runner.idle(), other.runner.idle()]);

      expect(await open(id)).toMatchObject([{ title: 'All 4 parts of The ship are done', occurrences: 1 }]);
    }
  });

  test('does not count canceled parts, and hears of failed ones', async () => {
    const { id, parts } = await parentWith(4);
    await world.lifecycle.cancel(world.userId, parts[0] ?? '');
    await world.query(`update everbeat.tasks set status = 'failed' where id = $1`, [parts[1]]);
    for (const part of parts.slice(2)) await world.runNow(part);
    expect(await titles(id)).toEqual(['2 of 3 parts of The ship are done, and 1 failed']);
  });

  test('waits for a part that is paused', async () => {
    const { id, parts } = await parentWith(2);
    await world.lifecycle.pause(world.userId, parts[0] ?? '');
    await world.runNow(parts[1] ?? '');
    expect(await open(id)).toEqual([]);
  });

  test.each([
    ['canceled', (part: string) => world.lifecycle.cancel(world.userId, part)],
    ['deleted', (part: string) => world.lifecycle.delete(world.userId, part)],
  ])('is told when its last open part is %s', async (_how, end) => {
    const { id, parts } = await parentWith(3);
    for (const part of parts.slice(1)) await world.runNow(part);
    expect(await open(id)).toEqual([]);
    await end(parts[0] ?? '');
    expect(await titles(id)).toEqual(['All 2 parts of The ship are done']);
  });

  test('is told when all of its parts have failed, the last of them by its own rule', async () => {
    const { id, parts } = await parentWith(2);
    await world.query(`update everbeat.tasks set status = 'failed' where id = $1`, [parts[0]]);
    await world.tasks.update(world.userId, {
      id: parts[1] ?? '',
      automationMode: 'heartbeat',
      heartbeatInterval: 60,
    });
    await world.lifecycle.start(world.userId, parts[1] ?? '');
    await world.query('update everbeat.tasks set heartbeat_interval = null where id = $1', [parts[1]]);
    await world.deliver(parts[1] ?? '');
    expect(await titles(id)).toEqual(['All 2 parts of The ship failed']);
  });

  test('is not told when a person has canceled all of its parts', async () => {
    const { id, parts } = await parentWith(2);
    for (const part of parts) await world.lifecycle.cancel(world.userId, part);
    expect(await open(id)).toEqual([]);
  });

  test('is told also when it is completed itself, and again after further parts', async () => {
    const { id, parts } = await parentWith(1);
    await world.query(`update everbeat.tasks set status = 'completed' where id = $1`, [id]);
    await world.runNow(parts[0] ?? '');
    expect(await titles(id)).toEqual(['The one part of The ship is done']);

    const [brief] = await open(id);
    await world.lifecycle.resolveBrief(world.userId, { id: brief?.id ?? '', action: 'acknowledge' });
    const [further] = await partsOf(id, 1);
    await world.runNow(further ?? '');
    expect(await titles(id)).toEqual(['All 2 parts of The ship are done']);
  });

  test('is not told when it is canceled', async () => {
    const { id, parts } = await parentWith(1);
    await world.lifecycle.cancel(world.userId, id);
    await world.runNow(parts[0] ?? '');
    expect(await open(id)).toEqual([]);
  });
});

test('a parent in a loop is not told: its next prompt has the results', async () => {
  const { id, parts } = await parentWith(1, {});
  await world.lifecycle.start(world.userId, id);
  const { revision } = await world.task(id);
  await world.runNow(parts[0] ?? '');
  expect(await open(id)).toEqual([]);
  expect((await world.task(id)).revision).toBe(revision);
});

test('a parent that waits for a task that its part unlocks gets one write with both', async () => {
  const { id, parts } = await parentWith(1);
  const middle = await world.createTask({ name: 'Between' });
  await world.tasks.addDependency(world.userId, middle.id, parts[0] ?? '');
  await world.tasks.addDependency(world.userId, id, middle.id);
  // Once it is unlocked, its rule gives no due time: it fails, and the parent asks about that.
  await world.query('update everbeat.tasks set heartbeat_interval = null where id = $1', [middle.id]);

  await world.runNow(parts[0] ?? '');
  expect((await titles(id)).sort()).toEqual([
    expect.stringContaining('Start it anyway?'),
    'The one part of The ship is done',
  ]);
});

describe('the question whether to start the parts that an agent has created', () => {
  async function asked(count: number): Promise<{ id: string; parts: string[] }> {
    const id = await world.startTask({ heartbeatInterval: 3_600 });
    const subtasks = Array.from({ length: count }, (_, index) => ({ instruction: `Build ${index}` }));
    world.agent.next({ kind: 'done', content: 'Split', subtasks });
    await world.beat(id);
    const detail = await world.reads.taskDetail(world.userId, id);
    return { id, parts: detail.subtasks.map((task) => task.id) };
  }

  test('is closed once all of them were started, run or ended one by one', async () => {
    const { id, parts } = await asked(4);
    const [started = '', run = '', canceled = '', deleted = ''] = parts;
    await world.lifecycle.start(world.userId, started);
    await world.runNow(run);
    await world.lifecycle.cancel(world.userId, canceled);
    expect(await open(id)).toHaveLength(1);

    await world.lifecycle.delete(world.userId, deleted);
    expect(await open(id)).toEqual([]);
    const { briefs } = await world.reads.taskDetail(world.userId, id);
    expect(briefs).toMatchObject([{ resolvedAction: 'recovered' }]);
  });

  test.each(['done', 'error'] as const)(
    'is closed by a run of the last one that ends as %s',
    async (kind) => {
      const { id, parts } = await asked(1);
      world.agent.next(
        kind === 'done'
          ? { kind, content: 'Built' }
          : { kind, errorCode: 'broken', errorMessage: 'It broke', failureClass: 'agent' },
      );
      await world.runNow(parts[0] ?? '');
      expect(await open(id)).toEqual([]);
    },
  );

  test('is closed when the last two are started at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id, parts } = await asked(2);
      const [first = '', second = ''] = parts;
      await Promise.all([
        world.lifecycle.start(world.userId, first),
        other.lifecycle.start(world.userId, second),
      ]);
      expect(await open(id)).toEqual([]);
    }
  });
});
