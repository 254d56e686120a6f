import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiWorld, createApiWorld, refusalOf } from '../support/apiWorld';

let world: ApiWorld;
beforeAll(async () => {
  world = await createApiWorld();
});
afterAll(() => world.close());

const create = () =>
  world.ada.task.create({
    name: 'Boats',
    instruction: 'Count the boats',
    automationMode: 'heartbeat',
    heartbeatInterval: 60,
    config: { retention: { runs: 50 } },
  });

describe('two people edit one task that both have read', () => {
  it('different fields: both edits take effect', async () => {
    const { id, revision } = await create();
    await world.ada.task.update({ id, revision, name: 'Ferries', base: { name: 'Boats' } });
    const saved = await world.ada.task.update({ id, revision, priority: 1, base: { priority: 0 } });
    expect(saved).toMatchObject({ name: 'Ferries', priority: 1 });
  });

  it('the same field: the second is told, and nothing of its edit is saved', async () => {
    const { id, revision } = await create();
    await world.ada.task.update({ id, name: 'Ferries', base: { name: 'Boats' } });
    const second = world.ada.task.update({
      id,
      revision,
      name: 'Ships',
      priority: 1,
      base: { name: 'Boats', priority: 0 },
    });
    expect(await refusalOf(second)).toMatchObject({
      code: 'CONFLICT',
      appCode: 'edit-conflict',
      message: expect.stringContaining('the edit of name was not saved'),
    });
    expect(await world.ada.task.detail({ id })).toMatchObject({ name: 'Ferries', priority: 0 });
  });

  it('different settings of the configuration: both stay, and so do those that neither shows', async () => {
    const { id, config } = await create();
    const watch = { url: 'https://example.com/' };
    await world.ada.task.update({ id, config: { ...config, watch }, base: { config } });
    const report = 'always' as const;
    const saved = await world.ada.task.update({ id, config: { ...config, report }, base: { config } });
    expect(saved.config).toEqual({ retention: { runs: 50 }, watch, report });
  });

  it('at the same moment: one of ten takes effect, and its writer is the one that is told so', async () => {
    const { id } = await create();
    const names = Array.from({ length: 10 }, (_, index) => `Fleet ${index}`);
    // Opens a connection for each, so that none is ahead of the others.
    await Promise.all(names.map(() => world.ada.task.detail({ id })));
    const answers = await Promise.allSettled(
      names.map((name) => world.ada.task.update({ id, name, base: { name: 'Boats' } })),
    );
    const saved = names.filter((_, index) => answers[index]?.status === 'fulfilled');
    expect(saved).toEqual([(await world.ada.task.detail({ id })).name]);
  });

  it('parts of one rule: the rule that results is checked as a whole', async () => {
    const { id } = await create();
    await world.ada.task.update({ id, automationMode: null, base: { automationMode: 'heartbeat' } });
    await world.ada.task.update({ id, heartbeatInterval: null, base: { heartbeatInterval: 60 } });
    const back = world.ada.task.update({ id, automationMode: 'heartbeat', base: { automationMode: null } });
    expect(await refusalOf(back)).toMatchObject({ appCode: 'interval-missing' });
  });
});

describe('a run between reading and saving', () => {
  it('is no conflict for an edit that says what it was made from', async () => {
    const { id, revision } = await create();
    await world.ada.task.start({ id });
    expect((await world.ada.task.detail({ id })).revision).toBeGreaterThan(revision);
    const saved = await world.ada.task.update({ id, revision, name: 'Ferries', base: { name: 'Boats' } });
    expect(saved.name).toBe('Ferries');
  });

  it('is one for an edit that names only the revision, unless it reads again', async () => {
    const { id, revision } = await create();
    await world.ada.task.start({ id });
    const stale = world.ada.task.update({ id, revision, name: 'Ferries' });
    expect(await refusalOf(stale)).toMatchObject({ appCode: 'edit-conflict' });
    const { revision: current } = await world.ada.task.detail({ id });
    expect(await world.ada.task.update({ id, revision: current, name: 'Ferries' })).toMatchObject({
      name: 'Ferries',
    });
  });
});

it('an edit that also moves the task needs no second reading', async () => {
  const [task, parent] = [await create(), await create()];
  const saved = await world.ada.task.update({
    id: task.id,
    revision: task.revision,
    name: 'Ferries',
    parentTaskId: parent.id,
  });
  expect(saved).toMatchObject({ name: 'Ferries', parentTaskId: parent.id });
});

it('an edit that changes nothing leaves no entry in the history', async () => {
  const { id } = await create();
  const { activities } = await world.ada.task.detail({ id });
  await world.ada.task.update({ id, name: 'Boats', base: { name: 'Boats' } });
  expect((await world.ada.task.detail({ id })).activities).toEqual(activities);
});
