import { LIMITS } from '@everbeat/domain';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiWorld, createApiWorld, refusalOf } from '../support/apiWorld';

let world: ApiWorld;
beforeAll(async () => {
  world = await createApiWorld();
});
afterAll(() => world.close());

it('a filter is saved under a name, replaced under the same name, and removed', async () => {
  const { savedFilter } = world.ada;
  await savedFilter.save({ name: 'Paused', query: 'show=paused' });
  await savedFilter.save({ name: ' Mine ', query: 'group=agent' });
  expect(await savedFilter.save({ name: 'Paused', query: 'show=paused&sort=name' })).toEqual([
    { name: 'Mine', query: 'group=agent' },
    { name: 'Paused', query: 'show=paused&sort=name' },
  ]);
  expect(await world.bob.savedFilter.list()).toEqual([]);
  await world.bob.savedFilter.remove({ name: 'Mine' });
  await savedFilter.remove({ name: 'Paused' });
  expect(await savedFilter.list()).toEqual([{ name: 'Mine', query: 'group=agent' }]);
});

it('there are only so many of them', async () => {
  const { savedFilter } = world.bob;
  for (let number = 1; number <= LIMITS.savedFiltersMax; number += 1)
    await savedFilter.save({ name: `Filter ${number}`, query: '' });
  expect(await refusalOf(savedFilter.save({ name: 'One more', query: '' }))).toMatchObject({
    appCode: 'limit-reached',
  });
  expect(await savedFilter.save({ name: 'Filter 1', query: 'q=x' })).toHaveLength(LIMITS.savedFiltersMax);
});

it('and not one more, however many are saved at the same moment', async () => {
  const { savedFilter } = world.bob;
  for (const round of [1, 2, 3]) {
    const [first] = await savedFilter.list();
    await savedFilter.remove({ name: first?.name ?? '' });
    const saves = Array.from({ length: 6 }, (_, number) =>
      savedFilter.save({ name: `At once ${round} ${number}`, query: '' }),
    );
    const results = await Promise.allSettled(saves);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await savedFilter.list()).toHaveLength(LIMITS.savedFiltersMax);
  }
});
