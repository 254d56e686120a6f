import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../../support/world';
import { FAILURE } from './failure';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('a task without automation', () => {
  test('is paused when it is done, with a result brief; approving the brief completes it', async () => {
    const { id } = await world.createTask({ automationMode: null, heartbeatInterval: null });
    world.agent.next({ kind: 'done', content: 'The report', title: 'Report' });
    await world.runNow(id);
    expect((await world.task(id)).status).toBe('paused');
    const [brief] = await world.briefs(id);
    expect(brief).toMatchObject({ type: 'result', title: 'Report' });
    await world.lifecycle.resolveBrief(world.userId, { id: brief?.id ?? '', action: 'approve' });
    expect((await world.task(id)).status).toBe('completed');
    await world.expectSound();
  });

  test('is paused with the error when its run fails', async () => {
    const { id } = await world.createTask({ automationMode: null, heartbeatInterval: null });
    world.agent.next(FAILURE);
    await world.runNow(id);
    expect(await world.task(id)).toMatchObject({ status: 'paused', error: 'It broke' });
    expect(await world.briefs(id)).toMatchObject([{ type: 'error', priority: 'urgent' }]);
    await world.expectSound();
  });

  test('that is a subtask completes; a task that depends on two subtasks starts when both are complete', async () => {
    const parent = await world.createTask({ automationMode: null, heartbeatInterval: null });
    const oneOff = { automationMode: null, heartbeatInterval: null, parentTaskId: parent.id } as const;
    const first = await world.createTask(oneOff);
    const second = await world.createTask(oneOff);
    const last = await world.createTask(oneOff);
    await world.tasks.addDependency(world.userId, last.id, first.id);
    await world.tasks.addDependency(world.userId, last.id, second.id);

    await world.runNow(first.id);
    expect((await world.task(first.id)).status).toBe('completed');
    expect((await world.task(last.id)).status).toBe('backlog');
    await world.runNow(second.id);

    expect(await world.task(last.id)).toMatchObject({
      status: 'scheduled',
      scheduler: { trigger: 'dependency' },
    });
    await world.beat(last.id);
    expect((await world.task(last.id)).status).toBe('completed');
    await world.expectSound();
  });

  test('that depends on two subtasks starts even if both complete at the same moment', async () => {
    const parent = await world.createTask({ automationMode: null, heartbeatInterval: null });
    const oneOff = { automationMode: null, heartbeatInterval: null, parentTaskId: parent.id } as const;
    for (let round = 0; round < 10; round += 1) {
      const [first, second, last] = await Promise.all([1, 2, 3].map(() => world.createTask(oneOff)));
      if (first === undefined || second === undefined || last === undefined) throw new Error('unreachable');
      await world.tasks.addDependency(world.userId, last.id, first.id);
      await world.tasks.addDependency(world.userId, last.id, second.id);
      await Promise.all([first, second].map((task) => world.runner.run(world.userId, { taskId: task.id })));
      await world.runner.idle();
      expect((await world.task(last.id)).status).toBe('scheduled');
    }
    await world.expectSound();
  });
});
