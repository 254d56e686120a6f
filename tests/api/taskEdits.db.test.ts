import { LIMITS } from '@everbeat/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiWorld, createApiWorld, refusalOf } from '../support/apiWorld';

let world: ApiWorld;
beforeAll(async () => {
  world = await createApiWorld({ env: { HEARTBEAT_MIN_SECONDS: '10' } });
});
afterAll(() => world.close());

const create = (input: Partial<Parameters<ApiWorld['ada']['task']['create']>[0]> = {}) =>
  world.ada.task.create({ instruction: 'Count the boats', ...input });

describe('task.create', () => {
  it('fills in what is left out', async () => {
    const task = await world.ada.task.create({ instruction: '# Count the boats\n\nEvery one of them.' });

    expect(task).toMatchObject({
      identifier: expect.stringMatching(/^T-\d+$/),
      name: 'Count the boats',
      instruction: '# Count the boats\n\nEvery one of them.',
      status: 'backlog',
      automationMode: null,
      heartbeatTimeout: LIMITS.leaseSecondsDefault,
      priority: 0,
      config: {},
      nextRunAt: null,
      createdAt: world.clock.now(),
    });
    expect(task.context.scheduler).toMatchObject({ tickToken: null, consecutiveFailures: 0 });
  });

  it('keeps all that is given, and reads a pattern without a zone in UTC', async () => {
    const parent = await create();
    const given = {
      name: 'Harbour',
      instruction: 'Count',
      automationMode: 'schedule',
      schedulePattern: '0 9 * * 1-5',
      heartbeatTimeout: 60,
      priority: 1,
      maxTopics: 3,
      config: { pacing: { minSeconds: 10, maxSeconds: 20 } },
    } as const;

    const task = await create({ ...given, parentTaskId: parent.identifier });
    expect(task).toMatchObject({ ...given, scheduleTimezone: 'UTC', parentTaskId: parent.id });
  });

  it('tells the feed of the task, and of its parent', async () => {
    const parent = await create();
    const task = await create({ parentTaskId: parent.id });

    const [born] = (await world.ada.task.detail({ id: task.id })).activities;
    expect(born).toMatchObject({ kind: 'status', fromStatus: null, toStatus: 'backlog', reason: 'created' });
    const [added] = (await world.ada.task.detail({ id: parent.id })).activities;
    expect(added).toMatchObject({ kind: 'edit', reason: 'subtask-added', refId: task.id });
  });

  it('gives fifty tasks made at once the next fifty numbers, each user their own', async () => {
    const fresh = await createApiWorld();
    const tasks = await Promise.all(
      Array.from({ length: 50 }, () => fresh.bob.task.create({ instruction: 'One of many' })),
    );
    const numbers = tasks.map((task) => Number(task.identifier.slice(2))).toSorted((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    expect((await fresh.ada.task.create({ instruction: 'Hers' })).identifier).toBe('T-1');
    await fresh.close();
  });

  it('nests so deep and no deeper', async () => {
    let parent = await create();
    for (let depth = 1; depth <= LIMITS.ancestorsDepthMax; depth += 1) {
      parent = await create({ parentTaskId: parent.id });
    }
    expect(await refusalOf(create({ parentTaskId: parent.id }))).toMatchObject({
      appCode: 'nesting-too-deep',
    });
  });
});

describe('a task is named', () => {
  it('by its id or its identifier, in any case', async () => {
    const task = await create();
    for (const ref of [
      task.id,
      task.id.toUpperCase(),
      task.identifier,
      ` ${task.identifier.toLowerCase()} `,
    ]) {
      expect((await world.ada.task.detail({ id: ref })).id).toBe(task.id);
    }
  });

  it.each(['T-0', 'T-01', 'T-99999999999', 'T-', '12', 'T-1; drop table tasks', 'x', 'T-1\u0000'])(
    'and not by %j',
    async (id) => {
      expect(await refusalOf(world.ada.task.detail({ id }))).toMatchObject({ appCode: 'task-not-found' });
    },
  );
});

describe('task.update', () => {
  it('changes what is given and nothing else', async () => {
    const task = await create({ name: 'Before', priority: 2 });

    const updated = await world.ada.task.update({ id: task.identifier, name: 'After' });
    expect(updated).toMatchObject({
      name: 'After',
      priority: 2,
      instruction: task.instruction,
      status: 'backlog',
    });
    expect((await world.ada.task.detail({ id: task.id })).activities[0]).toMatchObject({ kind: 'edit' });
  });

  it('names a task anew after its instruction when the name is emptied', async () => {
    const task = await create({ name: 'Before' });
    const updated = await world.ada.task.update({ id: task.id, name: '', instruction: 'Feed the gulls' });
    expect(updated.name).toBe('Feed the gulls');
  });

  it('re-arms a resting task by its new rule', async () => {
    const task = await create({ automationMode: 'heartbeat', heartbeatInterval: 60 });
    await world.ada.task.start({ id: task.id });

    const updated = await world.ada.task.update({ id: task.id, heartbeatInterval: 3_600 });
    expect(updated.nextRunAt).toEqual(new Date(world.clock.now().getTime() + 3_600_000));
  });

  it('checks the rule as a whole: what is new together with what was there', async () => {
    const task = await create({ automationMode: 'heartbeat', heartbeatInterval: 60 });
    const call = world.ada.task.update({ id: task.id, heartbeatInterval: null });
    expect(await refusalOf(call)).toMatchObject({ appCode: 'interval-missing' });
  });

  it('leaves everything as it was when a part is refused', async () => {
    const [task, parent] = [await create(), await create()];
    const call = world.ada.task.update({
      id: task.id,
      name: 'After',
      parentTaskId: parent.id,
      automationMode: 'schedule',
    });
    expect(await refusalOf(call)).toMatchObject({ appCode: 'pattern-invalid' });
    expect(await world.ada.task.detail({ id: task.id })).toMatchObject({
      name: task.name,
      parentTaskId: null,
    });
  });
});
