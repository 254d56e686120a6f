import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../../support/world';
import { FAILURE } from './failure';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('a manual run of an automation task', () => {
  test('that fails leaves the failure count and the due time as they were', async () => {
    const id = await world.startTask({ heartbeatInterval: 600 });
    await world.beat(id);
    const { dueAt } = (await world.task(id)).scheduler;
    world.agent.next(FAILURE);

    await world.runNow(id);

    expect(await world.task(id)).toMatchObject({
      status: 'scheduled',
      scheduler: { consecutiveFailures: 0, dueAt },
    });
    expect(await world.ticks(id)).toMatchObject([
      { outcome: 'fired' },
      { outcome: 'superseded', reason: 'manual-run' },
      { outcome: null },
    ]);
    await world.expectSound();
  });

  test('that succeeds arms the next tick one interval from now', async () => {
    const id = await world.startTask({ heartbeatInterval: 600 });
    await world.beat(id);
    await world.clock.advance(100_000);
    await world.runNow(id);
    const expected = new Date(world.clock.now().getTime() + 600_000).toISOString();
    expect((await world.task(id)).scheduler.dueAt).toBe(expected);
    await world.expectSound();
  });

  test('of a cron task keeps the next cron time', async () => {
    const id = await world.startTask({
      automationMode: 'schedule',
      heartbeatInterval: null,
      schedulePattern: '0 9 * * *',
    });
    const { dueAt } = (await world.task(id)).scheduler;
    await world.runNow(id);
    expect((await world.task(id)).scheduler.dueAt).toBe(dueAt);
    await world.expectSound();
  });

  test.each(['backlog', 'paused', 'canceled'] as const)(
    'whose status is %s starts its loop',
    async (status) => {
      const { id } = await world.createTask();
      if (status === 'paused') await world.lifecycle.pause(world.userId, id);
      if (status === 'canceled') await world.lifecycle.cancel(world.userId, id);
      await world.runNow(id);
      expect(await world.task(id)).toMatchObject({
        status: 'scheduled',
        scheduler: { tickToken: expect.any(String) },
      });
      await world.expectSound();
    },
  );

  test('is refused with run-in-flight while an operation is running', async () => {
    const id = await world.startTask();
    world.agent.hold();
    await world.runner.run(world.userId, { taskId: id });
    await expect(world.runner.run(world.userId, { taskId: id })).rejects.toMatchObject({
      code: 'run-in-flight',
    });
    world.agent.release();
    await world.runner.idle();
    await world.expectSound();
  });
});
