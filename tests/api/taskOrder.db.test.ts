import { LIMITS, type TaskGroup, type TaskSort } from '@everbeat/domain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiWorld, createApiWorld, refusalOf } from '../support/apiWorld';
import { createWorld, type World } from '../support/world';

let world: World;
const PRIORITIES = [0, 4, 1, 3, 0, 2, 1, 4, 0];
beforeAll(async () => {
  world = await createWorld();
  for (const priority of PRIORITIES) await world.createTask({ priority });
});
afterAll(() => world.close());

/** The identifiers of all tasks in the order of the list, page by page. */
async function listed(limit: number, query?: string): Promise<string[]> {
  const identifiers: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await world.reads.tasks(world.userId, { sort: 'priority', limit, cursor, query });
    identifiers.push(...page.items.map(({ identifier }) => identifier));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return identifiers;
}

/** The most urgent first; without a priority as medium; of one priority the newest. */
const IN_ORDER = ['T-7', 'T-3', 'T-6', 'T-9', 'T-5', 'T-4', 'T-1', 'T-8', 'T-2'];

test.each([1, 2, 3, 4, 100])(
  'the list is ordered by priority, without gaps or repetitions, in pages of %i',
  async (limit) => {
    expect(await listed(limit)).toEqual(IN_ORDER);
  },
);

test('filters apply to it as to the list by age', async () => {
  expect(await listed(2, 'T-6')).toEqual(['T-6']);
  expect((await world.reads.tasks(world.userId, {})).items.map(({ identifier }) => identifier)[0]).toBe(
    'T-9',
  );
});

describe('a list in another order, or in groups', () => {
  let api: ApiWorld;
  const named: Record<string, string> = {};
  beforeAll(async () => {
    api = await createApiWorld();
    const { ada } = api;
    const create = async (name: string, changes: Partial<Parameters<typeof ada.task.create>[0]> = {}) => {
      const task = await ada.task.create({ name, instruction: 'Count', ...changes });
      named[name] = task.id;
      return task;
    };
    const zoe = await ada.agent.create({ name: 'Zoe', kind: 'watch', config: {} });
    const max = await ada.agent.create({ name: 'max', kind: 'watch', config: {} });
    const hourly = { automationMode: 'heartbeat', heartbeatInterval: 3_600, agentId: zoe.id } as const;
    const parent = await create('Harbour', { agentId: max.id });
    await create('boats', { parentTaskId: parent.id, ...hourly });
    await create('Anchors', { parentTaskId: parent.id, ...hourly, heartbeatInterval: 60 });
    await create('Cranes');
    for (const name of ['boats', 'Anchors']) await api.lifecycle.start(api.userId, named[name] ?? '');
  });
  afterAll(() => api.close());

  type Order = { sort?: TaskSort; group?: TaskGroup; query?: string };
  /** The names of all tasks, page by page. */
  async function listed(order: Order, limit: number): Promise<string[]> {
    const names: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<ApiWorld['ada']['task']['list']>> = await api.ada.task.list({
        ...order,
        limit,
        cursor,
      });
      names.push(...page.items.map(({ name }) => name));
      cursor = page.nextCursor;
    } while (cursor !== null);
    return names;
  }

  test.each<[Order, string[]]>([
    [{ sort: 'name' }, ['Anchors', 'boats', 'Cranes', 'Harbour']],
    [{ sort: 'next' }, ['Anchors', 'boats', 'Cranes', 'Harbour']],
    [{ group: 'status' }, ['Cranes', 'Harbour', 'Anchors', 'boats']],
    [{ group: 'agent', sort: 'name' }, ['Harbour', 'Anchors', 'boats', 'Cranes']],
    [{ group: 'parent', sort: 'name' }, ['Anchors', 'boats', 'Cranes', 'Harbour']],
    [{ group: 'parent', sort: 'priority' }, ['Anchors', 'boats', 'Cranes', 'Harbour']],
    [{ sort: 'name', query: 'T-4' }, ['Cranes']],
  ])('%j has neither gaps nor repetitions, however long its pages are', async (order, inOrder) => {
    for (const limit of [1, 2, 3, 100]) expect(await listed(order, limit)).toEqual(inOrder);
  });

  test('names the parent of each task', async () => {
    const { items } = await api.ada.task.list({ sort: 'name' });
    expect(items.map(({ parent }) => parent?.name ?? null)).toEqual(['Harbour', 'Harbour', null, null]);
  });

  test('takes no cursor of another order', async () => {
    const { nextCursor: byName } = await api.ada.task.list({ sort: 'name', limit: 1 });
    const { nextCursor: byNumber } = await api.ada.task.list({ limit: 1 });
    const wrong = [
      { cursor: byName },
      { sort: 'priority', cursor: byNumber },
      { sort: 'name', cursor: byNumber },
      { sort: 'name', cursor: 'k.bm90IGpzb24' },
    ] as const;
    for (const input of wrong) {
      expect(await refusalOf(api.ada.task.list(input))).toMatchObject({ code: 'BAD_REQUEST' });
    }
  });

  test.each([
    [['a\0', '', 1]],
    [['', '\ud800', 1]],
    [['', '', 0]],
    [['', '', -1]],
    [['', '', 3_000_000_000]],
    [['', '', 1, 1]],
  ])('takes no cursor that cannot be one of its own: %j', async (key) => {
    const cursor = `k.${Buffer.from(JSON.stringify(key)).toString('base64url')}`;
    expect(await refusalOf(api.ada.task.list({ sort: 'name', cursor }))).toMatchObject({
      code: 'BAD_REQUEST',
    });
  });

  test('takes its own cursors, however long the names are', async () => {
    const name = '\u001b'.repeat(LIMITS.nameCharsMax);
    const { ada } = api;
    const { id: agentId } = await ada.agent.create({ name, kind: 'watch', config: {} });
    const order = { agentId, group: 'agent', sort: 'name', limit: 1 } as const;
    for (let count = 0; count < 2; count += 1) await ada.task.create({ name, instruction: 'Count', agentId });
    const { nextCursor: cursor } = await ada.task.list(order);
    expect((await ada.task.list({ ...order, cursor })).items).toHaveLength(1);
  });
});
