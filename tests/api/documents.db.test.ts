import { LIMITS } from '@everbeat/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, type ApiWorld, createApiWorld, refusalOf } from '../support/apiWorld';

let world: ApiWorld;
let api: Api;
beforeAll(async () => {
  world = await createApiWorld();
  api = world.ada;
});
afterAll(() => world.close());

const newTask = async (): Promise<string> => (await world.createTask()).identifier;

describe('document.save', () => {
  it('makes the next version, and returns it', async () => {
    const taskId = await newTask();
    const first = await api.document.save({ taskId, name: 'Report', content: '# One', baseVersion: 0 });
    expect(first).toMatchObject({
      name: 'Report',
      version: 1,
      content: '# One',
      updatedBy: 'user',
      bytes: 5,
    });
    expect(first.updatedAt).toEqual(world.clock.now());
    expect(await api.document.save({ taskId, name: 'Report', content: 'Two' })).toMatchObject({ version: 2 });
    expect(await api.document.get({ taskId, name: 'Report' })).toMatchObject({ version: 2, content: 'Two' });
    expect(await api.document.get({ taskId, name: 'Report', version: 1 })).toMatchObject({
      content: '# One',
    });
  });

  it.each([
    ['an older version', 1],
    ['none, where there is one', 0],
    ['one that is not there yet', 3],
  ])('refuses a text made from %s', async (_what, baseVersion) => {
    const taskId = await newTask();
    await api.document.save({ taskId, name: 'Report', content: 'One' });
    await api.document.save({ taskId, name: 'Report', content: 'Two' });
    const refusal = await refusalOf(
      api.document.save({ taskId, name: 'Report', content: 'Mine', baseVersion }),
    );
    expect(refusal).toMatchObject({ code: 'CONFLICT', appCode: 'document-conflict' });
    expect(refusal.message).toContain('version 2');
    expect(await api.document.get({ taskId, name: 'Report' })).toMatchObject({ content: 'Two' });
  });

  it('lets exactly one of several that were made from the same version through', async () => {
    const taskId = await newTask();
    await api.document.save({ taskId, name: 'Report', content: 'One' });
    const saves = ['a', 'b', 'c', 'd'].map((content) =>
      api.document.save({ taskId, name: 'Report', content, baseVersion: 1 }).then(
        () => 'saved',
        () => 'refused',
      ),
    );
    expect((await Promise.all(saves)).toSorted()).toEqual(['refused', 'refused', 'refused', 'saved']);
    expect((await api.document.history({ taskId, name: 'Report' })).items).toHaveLength(2);
  });

  it('changes nothing with a text that is there already, also when it is sent a second time', async () => {
    const taskId = await newTask();
    await api.document.save({ taskId, name: 'Report', content: 'One', baseVersion: 0 });
    for (const baseVersion of [0, 1, undefined]) {
      const again = api.document.save({ taskId, name: 'Report', content: 'One', baseVersion });
      expect(await again).toMatchObject({ version: 1 });
    }
  });

  it('refuses a document more than a task may have, however many are saved at the same time', async () => {
    const taskId = await newTask();
    for (let index = 2; index <= LIMITS.documentsPerTaskMax; index += 1) {
      await api.document.save({ taskId, name: `Number ${index}`, content: '' });
    }
    const outcomes = await Promise.all(
      ['x', 'y', 'z'].map((name) =>
        api.document.save({ taskId, name, content: '' }).then(
          () => 'saved',
          (error: { cause?: { code?: string } }) => error.cause?.code,
        ),
      ),
    );
    expect(outcomes.toSorted()).toEqual(['limit-reached', 'limit-reached', 'saved']);
    expect(await api.document.list({ taskId })).toHaveLength(LIMITS.documentsPerTaskMax);
  });

  it.each(['../Report', 'a/b', '', '.hidden', 'x'.repeat(LIMITS.documentNameCharsMax + 1)])(
    'refuses the name %j',
    async (name) => {
      const taskId = await newTask();
      expect(await refusalOf(api.document.save({ taskId, name, content: '' }))).toMatchObject({
        code: 'BAD_REQUEST',
      });
    },
  );

  it('refuses a text that is too long', async () => {
    const taskId = await newTask();
    const content = 'x'.repeat(LIMITS.documentBytesMax);
    expect(await api.document.save({ taskId, name: 'Report', content })).toMatchObject({
      bytes: LIMITS.documentBytesMax,
    });
    expect(
      await refusalOf(api.document.save({ taskId, name: 'Report', content: `${content}x` })),
    ).toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('tells live pages', async () => {
    const taskId = await newTask();
    const events = await api.task.onEvent({ taskId });
    await api.document.save({ taskId, name: 'Report', content: 'One' });
    for await (const event of events) {
      expect(JSON.stringify(event)).toMatch(/"kind":"document".*"reason":"Report","refId":null/);
      break;
    }
  });

  it('makes a decision about the task that was made before look again', async () => {
    const { id } = await world.createTask();
    const { revision } = await world.task(id);
    await api.document.save({ taskId: id, name: 'Report', content: 'One' });
    expect(await world.task(id)).toMatchObject({ revision: revision + 1 });
  });

  it('lets a run that began before settle all the same', async () => {
    const { id } = await world.createTask();
    await world.lifecycle.start(world.userId, id);
    world.agent.next(async () => {
      await api.document.save({ taskId: id, name: 'Report', content: 'Meanwhile' });
      return { kind: 'done', content: 'Looked' };
    });
    await world.beat(id);
    expect(await world.task(id)).toMatchObject({ status: 'scheduled', totalTopics: 1 });
    await world.expectSound();
  });
});

describe('document.list', () => {
  it('has each document once, by name, as it is now', async () => {
    const taskId = await newTask();
    for (const name of ['Report', 'Memory', 'Prices']) {
      await api.document.save({ taskId, name, content: `First ${name}` });
      await api.document.save({ taskId, name, content: name });
    }
    const documents = await api.document.list({ taskId });
    expect(documents.map(({ name, version, content }) => [name, version, content])).toEqual([
      ['Memory', 2, 'Memory'],
      ['Prices', 2, 'Prices'],
      ['Report', 2, 'Report'],
    ]);
    expect(await api.document.list({ taskId, withContent: false })).not.toContainEqual(
      expect.objectContaining({ content: expect.anything() }),
    );
    const { documents: heads } = await api.task.detail({ id: taskId });
    expect(heads.map(({ name }) => name)).toEqual(['Memory', 'Prices', 'Report']);
    expect(heads[0]?.updatedAt).toBeInstanceOf(Date);
  });
});

describe('document.history', () => {
  it('has the versions newest first, page by page', async () => {
    const taskId = await newTask();
    for (const content of ['One', 'Two', 'Three'])
      await api.document.save({ taskId, name: 'Report', content });
    const first = await api.document.history({ taskId, name: 'Report', limit: 2 });
    expect(first.items.map(({ version, content }) => [version, content])).toEqual([
      [3, 'Three'],
      [2, 'Two'],
    ]);
    const second = await api.document.history({ taskId, name: 'Report', cursor: first.nextCursor });
    expect(second).toMatchObject({ items: [{ version: 1 }], nextCursor: null });
  });
});

describe('document.restore', () => {
  it('saves the text of an older version as the next one', async () => {
    const taskId = await newTask();
    await api.document.save({ taskId, name: 'Report', content: 'One' });
    await api.document.save({ taskId, name: 'Report', content: 'Two' });
    const restored = await api.document.restore({ taskId, name: 'Report', version: 1, baseVersion: 2 });
    expect(restored).toMatchObject({ version: 3, content: 'One' });
    expect(
      await refusalOf(api.document.restore({ taskId, name: 'Report', version: 2, baseVersion: 2 })),
    ).toMatchObject({ code: 'CONFLICT' });
  });
});

it.each([
  ['document.get', () => newTask().then((taskId) => api.document.get({ taskId, name: 'None' }))],
  ['document.history', () => newTask().then((taskId) => api.document.history({ taskId, name: 'None' }))],
  [
    'document.restore',
    () => newTask().then((taskId) => api.document.restore({ taskId, name: 'None', version: 1 })),
  ],
])('%s of a document that is not there is NOT_FOUND', async (_name, call) => {
  expect(await refusalOf(call())).toMatchObject({ code: 'NOT_FOUND', appCode: 'document-not-found' });
});
