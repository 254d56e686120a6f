import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('the cycle of a heartbeat task', () => {
  test('start arms the task for now; the tick runs the agent; its success arms the next tick one interval later', async () => {
    const { id } = await world.createTask({ heartbeatInterval: 60 });
    await world.lifecycle.start(world.userId, id);
    expect((await world.task(id)).scheduler.dueAt).toBe(world.clock.now().toISOString());

    const answer = await world.beat(id);

    expect(answer).toMatchObject({ ran: true });
    const task = await world.task(id);
    expect(task).toMatchObject({
      status: 'scheduled',
      totalTopics: 1,
      scheduler: { consecutiveFailures: 0 },
    });
    expect(task.scheduler.dueAt).toBe(new Date(world.clock.now().getTime() + 60_000).toISOString());
    expect(task.scheduler.tickMessageId).toMatch(/^local-/);
    expect(await world.ticks(id)).toMatchObject([{ outcome: 'fired' }, { outcome: null }]);
    expect(await world.history(id)).toEqual([
      '∅→backlog',
      'backlog→scheduled',
      'scheduled→running',
      'running→scheduled',
    ]);
    await world.expectSound();
  });

  test('the cycle repeats: five ticks make five runs', async () => {
    const id = await world.startTask();
    for (let run = 1; run <= 5; run += 1) {
      expect(await world.beat(id)).toMatchObject({ ran: true });
      expect((await world.task(id)).totalTopics).toBe(run);
    }
    await world.expectSound();
  });
});
