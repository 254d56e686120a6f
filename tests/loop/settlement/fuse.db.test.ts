import { wakesAt } from '@everbeat/domain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../../support/world';
import { FAILURE } from './failure';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('the fuse', () => {
  test('three failed runs in a row pause the task; after the first and the second it still runs by its next tick', async () => {
    const id = await world.startTask();
    for (const failures of [1, 2]) {
      world.agent.next(FAILURE);
      expect(await world.beat(id)).toMatchObject({ ran: true });
      expect(await world.task(id)).toMatchObject({
        status: 'scheduled',
        scheduler: { consecutiveFailures: failures },
      });
      await world.expectSound();
    }
    world.agent.next(FAILURE);
    expect(await world.beat(id)).toMatchObject({ ran: true });

    expect(await world.task(id)).toMatchObject({
      status: 'paused',
      error: 'It broke',
      scheduler: { consecutiveFailures: 3, blockedBy: 'fuse', tickToken: null },
    });
    const briefs = await world.briefs(id);
    expect(briefs).toMatchObject([
      { type: 'error', priority: 'urgent', occurrences: 3, resolvedAction: null },
    ]);
    expect(await world.ticks(id)).toMatchObject([
      { outcome: 'fired' },
      { outcome: 'fired' },
      { outcome: 'fired' },
    ]);
    await world.expectSound();
  });

  test('a success sets the failure count to 0 and resolves the error brief as recovered', async () => {
    const id = await world.startTask();
    world.agent.next(FAILURE);
    await world.beat(id);
    await world.beat(id);
    expect(await world.task(id)).toMatchObject({
      status: 'scheduled',
      error: null,
      scheduler: { consecutiveFailures: 0 },
    });
    expect(await world.briefs(id)).toMatchObject([{ type: 'error', resolvedAction: 'recovered' }]);
  });

  test('retry on the error brief arms the paused task for now and sets the failure count to 0', async () => {
    const id = await world.startTask();
    world.agent.next(FAILURE);
    world.agent.next(FAILURE);
    world.agent.next(FAILURE);
    for (let run = 0; run < 3; run += 1) await world.beat(id);
    const [brief] = await world.briefs(id);

    await world.lifecycle.resolveBrief(world.userId, { id: brief?.id ?? '', action: 'retry' });

    expect(await world.task(id)).toMatchObject({
      status: 'scheduled',
      scheduler: {
        consecutiveFailures: 0,
        blockedBy: null,
        dueAt: wakesAt(world.clock.now()).toISOString(),
      },
    });
    expect(await world.beat(id)).toMatchObject({ ran: true });
    await world.expectSound();
  });
});
