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
  it('fills in defaults', async () => {
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

  it('stores all that is given, and takes UTC for a pattern without a zone', async () => {
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

  it('writes a history row for the task and for its parent', async () => {
    const parent = await create();
    const task = await create({ parentTaskId: parent.id });

    const [created] = (await world.ada.task.detail({ id: task.id })).activities;
    expect(created).toMatchObject({
      kind: 'status',
      fromStatus: null,
      toStatus: 'backlog',
      reason: 'created',
    });
    const [added] = (await world.ada.task.detail({ id: parent.id })).activities;
    expect(added).toMatchObject({ kind: 'edit', reason: 'subtask-added', refId: task.id });
  });

  it('gives fifty tasks created at the same time the next fifty numbers, counted per user', async () => {
    const fresh = await createApiWorld();
    const tasks = await Promise.all(
      Array.from({ length: 50 }, () => fresh.bob.task.create({ instruction: 'One of many' })),
    );
    const numbers = tasks.map((task) => Number(task.identifier.slice(2))).toSorted((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    expect((await fresh.ada.task.create({ instruction: 'Hers' })).identifier).toBe('T-1');
    await fresh.close();
  });

  it('refuses to nest deeper than LIMITS.ancestorsDepthMax', async () => {
    let parent = await create();
    for (let depth = 1; depth <= LIMITS.ancestorsDepthMax; depth += 1) {
      parent = await create({ parentTaskId: parent.id });
    }
    expect(await refusalOf(create({ parentTaskId: parent.id }))).toMatchObject({
      appCode: 'nesting-too-deep',
    });
  });
});

describe('a task is found', () => {
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
    'not by %j',
    async (id) => {
      expect(await refusalOf(world.ada.task.detail({ id }))).toMatchObject({ appCode: 'task-not-found' });
    },
  );
});

describe('task.update', () => {
  it('changes only the given fields', async () => {
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

  it('tells in the history what each setting was before and after', async () => {
    const [task, parent] = [await create({ name: 'Before' }), await create()];
    await world.ada.task.update({ id: task.id, name: 'After', config: { budget: { perDayUsd: 2 } } });
    await world.ada.task.update({ id: task.id, parentTaskId: parent.id });

    const [moved, edited] = (await world.ada.task.detail({ id: task.id })).activities;
    expect(edited?.changes).toEqual([
      { field: 'name', from: 'Before', to: 'After' },
      { field: 'config.budget.perDayUsd', from: null, to: 2 },
    ]);
    expect(moved?.changes).toEqual([{ field: 'parentTaskId', from: null, to: parent.identifier }]);
  });

  it('never keeps a secret in the history', async () => {
    const watch = (secret: string) => ({
      watch: { url: 'https://example.com/', headers: { Authorization: secret } },
    });
    const task = await create({ config: watch('Bearer first-secret') });
    await world.ada.task.update({ id: task.id, config: watch('Bearer second-secret') });

    const [edited] = (await world.ada.task.detail({ id: task.id })).activities;
    expect(edited?.changes).toMatchObject([{ field: 'config.watch.headers' }]);
    const stored = await world.query(
      'select changes from everbeat.task_activities where changes is not null',
    );
    expect(JSON.stringify(stored)).not.toContain('secret');
  });

  it('takes the name from the instruction when the name is emptied', async () => {
    const task = await create({ name: 'Before' });
    const updated = await world.ada.task.update({ id: task.id, name: '', instruction: 'Feed the gulls' });
    expect(updated.name).toBe('Feed the gulls');
  });

  it('re-arms a scheduled task by its new rule', async () => {
    const task = await create({ automationMode: 'heartbeat', heartbeatInterval: 60 });
    await world.ada.task.start({ id: task.id });

    const updated = await world.ada.task.update({ id: task.id, heartbeatInterval: 3_600 });
    expect(updated.nextRunAt).toEqual(new Date(world.clock.now().getTime() + 3_600_000));
  });

  it('checks the rule as a whole, with the fields that were not given', async () => {
    const task = await create({ automationMode: 'heartbeat', heartbeatInterval: 60 });
    const call = world.ada.task.update({ id: task.id, heartbeatInterval: null });
    expect(await refusalOf(call)).toMatchObject({ appCode: 'interval-missing' });
  });

  it('changes nothing when a part is refused', async () => {
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
