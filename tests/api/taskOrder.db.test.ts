import { afterAll, beforeAll, expect, test } from 'vitest';
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
