import { describe, expect, it } from 'vitest';
import { ALL_DELIVERED, makeLocalWorld, makeRoom } from '../../test/localWorld';

const SECOND = 1_000;

/** A world in which a delivered tick holds its place until the test releases it. */
function makeCrowdedWorld(places: Parameters<typeof makeRoom>[0], options: { heldTicksMax?: number } = {}) {
  const room = makeRoom(places);
  const world = makeLocalWorld({
    ...options,
    pageRows: 5,
    room,
    deliver: (ticks) => {
      for (const { agentKind } of ticks) room.take(agentKind ?? 'none');
      return world.deliver(ticks);
    },
  });
  return { ...world, room };
}

describe('a tick that is due', () => {
  it('waits for room, and is delivered when there is some', async () => {
    const world = makeCrowdedWorld({ http: 2 });
    world.commit(...Array.from({ length: 4 }, (_, index) => world.tick(index)));
    await world.scheduler.start();
    await world.clock.advance(SECOND);
    expect(world.arrivedTokens()).toEqual(['token-1', 'token-2']);

    world.room.release('http');
    await world.clock.advance(1);

    expect(world.arrivedTokens()).toEqual(['token-1', 'token-2', 'token-3']);
  });

  it('is not looked for while there is no room: nothing is read and no timer runs but the usual one', async () => {
    const world = makeCrowdedWorld({ http: 0 });
    world.commit(...Array.from({ length: 20 }, (_, index) => world.tick(index)));
    await world.scheduler.start();
    await world.clock.advance(SECOND);
    const { length } = world.windows;

    await world.clock.advance(20 * SECOND);

    expect(world.windows).toHaveLength(length);
    expect(world.clock.pending()).toBe(1);
  });

  it('goes before others when it is more urgent; a task without a priority counts as medium', async () => {
    const world = makeCrowdedWorld({ http: 0 });
    const priorities = [4, 3, 0, 3, 2, 1];
    world.commit(...priorities.map((priority, index) => world.tick(index, { priority })));
    await world.scheduler.start();
    await world.clock.advance(SECOND);

    for (const _ of priorities) {
      world.room.release('http');
      await world.clock.advance(1);
    }

    expect(world.arrivedTokens()).toEqual(['token-6', 'token-5', 'token-2', 'token-3', 'token-4', 'token-1']);
  });

  it('waits for its own kind alone: a backlog of another one, however long, does not hold it up', async () => {
    const world = makeCrowdedWorld({ http: 1, watch: 1 }, { heldTicksMax: 10 });
    const backlog = Array.from({ length: 100 }, (_, index) => world.tick(-1_000 + index));
    const watch = world.tick(0, { agentKind: 'watch' });
    world.commit(...backlog, watch);

    await world.scheduler.start();
    await world.clock.advance(0);

    expect(world.arrivedTokens()).toContain(watch.tickToken);
    expect(world.arrivals).toHaveLength(2);
  });

  it('is delivered in its turn when the backlog before it did not fit into memory', async () => {
    const world = makeCrowdedWorld({ http: 1, watch: 1 }, { heldTicksMax: 10 });
    const backlog = Array.from({ length: 100 }, (_, index) => world.tick(-1_000 + index));
    world.commit(...backlog);
    await world.scheduler.start();
    await world.clock.advance(0);
    const soon = world.tick(0);
    world.commit(soon);
    await world.scheduler.schedule(soon);

    for (let turns = 0; turns < 200; turns += 1) {
      if (world.arrivals.length > 0) world.room.release('http');
      await world.clock.advance(1);
    }

    expect(world.arrivedTokens()).toEqual([...backlog, soon].map(({ tickToken }) => tickToken));
  });
});

it('a tick that found no room after all waits under the kind of agent that its task has now', async () => {
  const room = makeRoom({ http: 1, watch: 0 });
  const world = makeLocalWorld({
    room,
    deliver: async (ticks) => {
      const isMistaken = ticks.some(({ agentKind }) => agentKind === 'http');
      if (!isMistaken) return world.deliver(ticks);
      return { ...ALL_DELIVERED, noRoom: ticks.map((tick) => ({ ...tick, agentKind: 'watch' as const })) };
    },
  });
  world.commit(world.tick(0));
  await world.scheduler.start();
  await world.clock.advance(SECOND);
  expect(world.arrivals).toEqual([]);

  room.release('watch');
  await world.clock.advance(1);

  expect(world.arrivedTokens()).toEqual(['token-1']);
});

it('ticks that met an unavailable database are delivered again, after growing waits', async () => {
  let isAway = true;
  const attempts: number[] = [];
  const world = makeLocalWorld({
    deliver: async (ticks) => {
      attempts.push((world.clock.now().getTime() - startedMs) / SECOND);
      return isAway ? { ...ALL_DELIVERED, unavailable: ticks } : world.deliver(ticks);
    },
  });
  const startedMs = world.clock.now().getTime();
  world.commit(world.tick(0), world.tick(0));
  await world.scheduler.start();
  await world.clock.advance(3 * SECOND);
  expect(attempts).toEqual([0, 1, 3]);

  isAway = false;
  await world.clock.advance(4 * SECOND);
  expect(world.arrivedTokens()).toEqual(['token-1', 'token-2']);
});
