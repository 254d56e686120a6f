import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterEach(() => world.expectSound());
afterAll(() => world.close());

const ONCE = { automationMode: null, heartbeatInterval: null } as const;
const create = async (): Promise<string> => (await world.createTask(ONCE)).id;
const depend = (taskId: string, dependsOnId: string) =>
  world.tasks.addDependency(world.userId, taskId, dependsOnId);
const cancel = (taskId: string) => world.lifecycle.cancel(world.userId, taskId);

/** Runs a task without automation, and approves its result. */
async function complete(taskId: string): Promise<void> {
  await world.runNow(taskId);
  const open = (await world.briefs(taskId)).find(({ resolvedAction }) => resolvedAction === null);
  await world.lifecycle.resolveBrief(world.userId, { id: open?.id ?? '', action: 'approve' });
}

/** A task that waits for others, which have just been canceled. */
async function stranded(count = 1) {
  const taskId = await create();
  const dependencyIds = await Promise.all(Array.from({ length: count }, create));
  for (const id of dependencyIds) await depend(taskId, id);
  for (const id of dependencyIds) await cancel(id);
  const [dependencyId = ''] = dependencyIds;
  return { taskId, dependencyId };
}

async function forgetQuestion(taskId: string): Promise<void> {
  await world.query(
    `update everbeat.tasks set context = context #- '{scheduler,endedDependencies}' where id = $1`,
    [taskId],
  );
  await world.query('delete from everbeat.briefs where task_id = $1', [taskId]);
}

async function openQuestion(taskId: string) {
  const briefs = await world.briefs(taskId);
  return briefs.find(({ type, resolvedAction }) => type === 'decision' && resolvedAction === null);
}
async function answer(taskId: string, action: string): Promise<void> {
  await world.lifecycle.resolveBrief(world.userId, { id: (await openQuestion(taskId))?.id ?? '', action });
}

describe('a task that waits for another', () => {
  test.each([
    ['canceled', cancel],
    ['deleted', (id: string) => world.lifecycle.delete(world.userId, id)],
    [
      'failed',
      async (id: string) => {
        // A hand edit takes away its rule while it rests, and its run finds no due time.
        await world.tasks.update(world.userId, { id, automationMode: 'heartbeat', heartbeatInterval: 60 });
        await world.lifecycle.start(world.userId, id);
        await world.query('update everbeat.tasks set heartbeat_interval = null where id = $1', [id]);
        await world.deliver(id);
      },
    ],
  ])('asks the person once that is %s', async (how, end) => {
    const [taskId, dependencyId] = [await create(), await create()];
    await depend(taskId, dependencyId);

    await end(dependencyId);

    expect(await world.briefs(taskId)).toMatchObject([
      { type: 'decision', priority: 'urgent', occurrences: 1, title: expect.stringContaining(how) },
    ]);
    const detail = await world.reads.taskDetail(world.userId, taskId);
    expect(detail.briefs[0]?.actions.map(({ key }) => key)).toEqual(['start', 'drop', 'cancel']);
    expect((await world.task(taskId)).status).toBe('backlog');
  });

  test('asks with one card about two that were canceled', async () => {
    const { taskId } = await stranded(2);
    expect(await world.briefs(taskId)).toMatchObject([
      { occurrences: 2, title: expect.stringContaining('2 tasks') },
    ]);
  });

  test('asks also if that had ended before it began to wait', async () => {
    const [taskId, dependencyId] = [await create(), await create()];
    await cancel(dependencyId);
    await depend(taskId, dependencyId);
    expect(await openQuestion(taskId)).toBeDefined();

    await world.tasks.removeDependency(world.userId, taskId, dependencyId);
    expect(await openQuestion(taskId)).toBeUndefined();
    await world.lifecycle.start(world.userId, taskId);
    expect((await world.task(taskId)).scheduler.blockedBy).toBeNull();
  });

  test('asks when it is resumed, if that was canceled while it was paused', async () => {
    const [taskId, dependencyId] = [await create(), await create()];
    await depend(taskId, dependencyId);
    await world.lifecycle.pause(world.userId, taskId);
    await cancel(dependencyId);
    expect(await world.briefs(taskId)).toEqual([]);

    await world.lifecycle.resume(world.userId, taskId);
    expect(await openQuestion(taskId)).toBeDefined();
  });

  test('is asked about in one of both commits when it begins to wait at the moment that one is canceled', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [taskId, dependencyId] = [await create(), await create()];
      await Promise.all([depend(taskId, dependencyId), cancel(dependencyId)]);
      expect(await openQuestion(taskId)).toBeDefined();
    }
  });

  test('that fails when it is unlocked leaves the question to those that wait for it', async () => {
    const [first, second, third] = [await create(), await create(), await create()];
    await depend(second, first);
    await depend(third, second);
    await world.query(`update everbeat.tasks set automation_mode = 'heartbeat' where id = $1`, [second]);

    await complete(first);

    expect((await world.task(second)).status).toBe('failed');
    expect(await openQuestion(third)).toMatchObject({ title: expect.stringContaining('failed') });
  });
});

describe('a task that has waited since before such questions were asked', () => {
  /** As an older version left it: its dependency has ended, and there is no question. */
  async function unasked(end: (dependencyId: string) => Promise<void>): Promise<string> {
    const [taskId, dependencyId] = [await create(), await create()];
    await depend(taskId, dependencyId);
    await end(dependencyId);
    await forgetQuestion(taskId);
    return taskId;
  }
  const setStatus = async (id: string, status: string) =>
    void (await world.query('update everbeat.tasks set status = $2 where id = $1', [id, status]));

  test.each([
    ['canceled', cancel],
    ['deleted', (id: string) => world.lifecycle.delete(world.userId, id)],
    ['failed', (id: string) => setStatus(id, 'failed')],
  ])('is found by the watchdog, and asks once: %s', async (how, end) => {
    const taskId = await unasked(end);
    expect(await world.watchdog.sweep()).toMatchObject({ orphans: 1 });
    expect(await openQuestion(taskId)).toMatchObject({ title: expect.stringContaining(how), occurrences: 1 });
    expect(await world.watchdog.sweep()).toMatchObject({ orphans: 0 });
  });

  test('is left alone where there is nothing to ask', async () => {
    const paused = await unasked(cancel);
    await world.lifecycle.pause(world.userId, paused);
    const completed = await unasked((id) => setStatus(id, 'completed'));
    const { taskId: ignoring } = await stranded();
    const other = await create();
    await depend(ignoring, other);
    await answer(ignoring, 'start');
    expect(await world.watchdog.sweep()).toMatchObject({ orphans: 0 });
    for (const id of [paused, completed, ignoring]) expect(await openQuestion(id)).toBeUndefined();
  });
});

describe('the answer', () => {
  test('start runs the task now, and is asked no more when it is paused and resumed', async () => {
    const { taskId, dependencyId } = await stranded();
    await answer(taskId, 'start');
    expect(await world.task(taskId)).toMatchObject({ status: 'scheduled', scheduler: { trigger: 'brief' } });

    await world.lifecycle.pause(world.userId, taskId);
    await world.lifecycle.resume(world.userId, taskId);
    expect((await world.task(taskId)).status).toBe('scheduled');
    const { dependencies } = await world.reads.taskDetail(world.userId, taskId);
    expect(dependencies).toMatchObject([{ id: dependencyId }]);
  });

  test('start holds until the task has ended: then it waits again', async () => {
    const { taskId } = await stranded();
    await answer(taskId, 'start');
    await complete(taskId);
    const start = world.lifecycle.start(world.userId, taskId);
    await expect(start).rejects.toMatchObject({ code: 'dependencies-unmet' });
  });

  test('drop removes the dependency, and lets the task wait for what else it depends on', async () => {
    const { taskId } = await stranded();
    const other = await create();
    await depend(taskId, other);
    await answer(taskId, 'drop');
    const { dependencies, status } = await world.reads.taskDetail(world.userId, taskId);
    expect({ status, dependencies }).toMatchObject({ status: 'backlog', dependencies: [{ id: other }] });

    await complete(other);
    expect((await world.task(taskId)).status).toBe('scheduled');
  });

  test('cancel cancels the task, and those that wait for it are asked', async () => {
    const { taskId } = await stranded();
    const last = await create();
    await depend(last, taskId);
    await answer(taskId, 'cancel');
    expect((await world.task(taskId)).status).toBe('canceled');
    expect(await openQuestion(last)).toBeDefined();
  });

  test('start after the dependency was deleted with all its rows', async () => {
    const { taskId, dependencyId } = await stranded();
    await world.lifecycle.delete(world.userId, dependencyId);
    for (let pass = 0; pass < 3; pass += 1) await world.watchdog.sweep();
    expect(await world.query('select 1 from everbeat.tasks where id = $1', [dependencyId])).toEqual([]);

    await answer(taskId, 'start');
    expect((await world.task(taskId)).status).toBe('scheduled');
  });
});

describe('the question closes itself', () => {
  test('when the dependency completes after all, and the task starts', async () => {
    const { taskId, dependencyId } = await stranded();
    await complete(dependencyId);
    expect(await world.task(taskId)).toMatchObject({
      status: 'scheduled',
      scheduler: { trigger: 'dependency', blockedBy: null },
    });
    expect(await world.briefs(taskId)).toMatchObject([{ resolvedAction: 'recovered' }]);
  });

  test('when a person runs the task, which then asks for approval as usual', async () => {
    const { taskId } = await stranded();
    await world.runNow(taskId);
    expect((await world.task(taskId)).status).toBe('paused');
    expect(await world.briefs(taskId)).toMatchObject([
      { type: 'decision', resolvedAction: 'recovered' },
      { type: 'result', resolvedAction: null },
    ]);
  });

  test('when a person cancels the task', async () => {
    const { taskId } = await stranded();
    await cancel(taskId);
    expect(await world.briefs(taskId)).toMatchObject([{ resolvedAction: 'recovered' }]);
  });
});

test('the run of a task has the results of those it waited for in its prompt', async () => {
  const [taskId, dependencyId] = [await create(), await create()];
  await depend(taskId, dependencyId);
  world.agent.next({ kind: 'done', content: 'The tide turns at noon' });
  await complete(dependencyId);
  let prompt = '';
  world.agent.next(async (request) => {
    prompt = await request.prompt();
    return { kind: 'done', content: 'ok' };
  });
  await world.beat(taskId);
  expect(prompt).toContain('The tide turns at noon');
});
