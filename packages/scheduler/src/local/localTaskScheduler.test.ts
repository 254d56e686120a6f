import { describe, expect, it } from 'vitest';
import { describeTaskScheduler } from '../../test/contract';
import { ALL_DELIVERED, makeLocalWorld } from '../../test/localWorld';
import type { TickMessage } from '../port';
import { systemClock } from '../systemClock';

const SECOND = 1_000;

describeTaskScheduler('LocalTaskScheduler', async () => {
  const { clock, scheduler, commit, arrivals } = makeLocalWorld({ horizonMs: 24 * 3_600 * SECOND });
  await scheduler.start();
  return {
    scheduler,
    now: clock.now,
    async arm(tick) {
      commit(tick);
      return scheduler.schedule(tick);
    },
    advance: clock.advance,
    arrived: () => arrivals,
    stop: () => scheduler.stop(),
    dispose: () => scheduler.stop(),
  };
});

describe('LocalTaskScheduler', () => {
  it('delivers what was armed before it started, overdue first, read in pages', async () => {
    const world = makeLocalWorld({ pageRows: 2 });
    const ticks = [-5, 3, -1, 1, 2].map((seconds) => world.tick(seconds * SECOND));
    world.commit(...ticks);

    await world.scheduler.start();
    await world.clock.advance(5 * SECOND);

    expect(world.arrivedTokens()).toEqual(['token-1', 'token-3', 'token-4', 'token-5', 'token-2']);
    expect(world.windows.slice(0, 3).map(({ after }) => after?.tickToken)).toEqual([
      undefined,
      'token-3',
      'token-5',
    ]);
  });

  it('loses nothing in a restart', async () => {
    const world = makeLocalWorld();
    await world.scheduler.start();
    const tick = world.tick(10 * SECOND);
    world.commit(tick);
    await world.scheduler.schedule(tick);
    await world.scheduler.stop();
    await world.clock.advance(20 * SECOND);
    expect(world.arrivals).toEqual([]);

    await world.makeScheduler().start();
    await world.clock.advance(0);
    expect(world.arrivedTokens()).toEqual([tick.tickToken]);
  });

  it('can be started again after it was stopped', async () => {
    const world = makeLocalWorld();
    await world.scheduler.start();
    await world.scheduler.stop();
    world.commit(world.tick(SECOND));
    await world.scheduler.start();
    await world.clock.advance(SECOND);
    expect(world.arrivedTokens()).toEqual(['token-1']);
  });

  it('delivers ticks that are due together in batches of at most `deliverTicksMax`', async () => {
    const world = makeLocalWorld({ deliverTicksMax: 3 });
    world.commit(...Array.from({ length: 7 }, () => world.tick(SECOND)));
    await world.scheduler.start();
    await world.clock.advance(SECOND);
    expect(world.batches.map((batch) => batch.length)).toEqual([3, 3, 1]);
  });

  it('collects what falls due during a delivery into the next one', async () => {
    let finishFirst = () => {};
    const batches: unknown[][] = [];
    const world = makeLocalWorld({
      deliver: (ticks) => {
        batches.push(ticks);
        if (batches.length > 1) return Promise.resolve(ALL_DELIVERED);
        return new Promise((resolve) => (finishFirst = () => resolve(ALL_DELIVERED)));
      },
    });
    world.commit(world.tick(0), world.tick(SECOND), world.tick(2 * SECOND));
    await world.scheduler.start();
    await world.clock.advance(5 * SECOND);
    expect(batches.map((batch) => batch.length)).toEqual([1]);

    finishFirst();
    await world.clock.advance(0);
    expect(batches.map((batch) => batch.length)).toEqual([1, 2]);
  });

  it('waits for a delivery in progress when it is stopped, and begins no other', async () => {
    let finish = () => {};
    let deliveries = 0;
    const world = makeLocalWorld({
      deliverTicksMax: 1,
      deliver: () => {
        deliveries += 1;
        return new Promise((resolve) => (finish = () => resolve(ALL_DELIVERED)));
      },
    });
    world.commit(world.tick(0), world.tick(0));
    await world.scheduler.start();
    await world.clock.advance(0);

    let stopped = false;
    const stopping = world.scheduler.stop().then(() => (stopped = true));
    await world.clock.advance(0);
    expect(stopped).toBe(false);

    finish();
    await stopping;
    await world.clock.advance(0);
    expect([deliveries, world.clock.pending()]).toEqual([1, 0]);
  });

  it('holds no tick beyond the horizon, and reads it when its due time is near', async () => {
    const world = makeLocalWorld();
    await world.scheduler.start();
    const tick = world.tick(3_600 * SECOND);
    const { messageId } = await world.scheduler.schedule(tick);
    expect(messageId).toBe('local-token-1-1');
    // It was not committed, so it can only be delivered if the scheduler held it.
    await world.clock.advance(3_700 * SECOND);
    expect(world.arrivals).toEqual([]);

    const committed = world.tick(3_600 * SECOND);
    world.commit(committed);
    await world.scheduler.schedule(committed);
    await world.clock.advance(3_600 * SECOND);
    expect(world.arrivals).toEqual([
      { tick: expect.objectContaining({ tickToken: 'token-2' }), at: committed.dueAt },
    ]);
  });

  it('delivers an overdue backlog that does not fit into memory whole and in order, reading on as it goes', async () => {
    const world = makeLocalWorld({ pageRows: 10, heldTicksMax: 40, deliverTicksMax: 5 });
    const ticks = Array.from({ length: 500 }, (_, index) => world.tick(-1_000 + index));
    world.commit(...ticks);

    await world.scheduler.start();
    for (let turns = 0; world.arrivals.length < 500 && turns < 1_000; turns += 1)
      await world.clock.advance(0);

    expect(world.arrivedTokens()).toEqual(ticks.map((tick) => tick.tickToken));
  });

  it('delivers a tick that is armed for the very instant at which reading stopped', async () => {
    const world = makeLocalWorld({ pageRows: 1, heldTicksMax: 2 });
    const [armedLater, ...ticks] = Array.from({ length: 4 }, () => world.tick(5 * SECOND));
    world.commit(...ticks);
    await world.scheduler.start();
    if (armedLater === undefined) throw new Error('No tick');
    world.commit(armedLater);
    await world.scheduler.schedule(armedLater);

    await world.clock.advance(6 * SECOND);

    expect(world.arrivedTokens().sort()).toEqual(['token-1', 'token-2', 'token-3', 'token-4']);
  });

  it('delivers a tick that is armed while its page is being read exactly once', async () => {
    let finishReading = () => {};
    const world = makeLocalWorld({
      loadDue: async (window) => {
        const page = await world.loadDue(window);
        await new Promise<void>((resolve) => (finishReading = resolve));
        return page;
      },
    });
    const [alsoRead, notRead] = [world.tick(0), world.tick(0)];
    world.commit(alsoRead);
    const starting = world.scheduler.start();
    await world.scheduler.schedule(alsoRead);
    world.commit(notRead);
    await world.scheduler.schedule(notRead);
    await world.clock.advance(0);
    finishReading();
    await starting;
    await world.clock.advance(SECOND);

    expect(world.arrivedTokens()).toEqual([alsoRead.tickToken, notRead.tickToken]);
  });

  it('replaces a held publication by a later one, and ignores an earlier one', async () => {
    const world = makeLocalWorld();
    await world.scheduler.start();
    const tick = world.tick(5 * SECOND);
    const sooner = { ...tick, publication: 2, dueAt: world.clock.now() };
    await world.scheduler.schedule(tick);
    await world.scheduler.schedule(sooner);
    await world.scheduler.schedule(tick);
    await world.clock.advance(10 * SECOND);
    expect(world.arrivals.map(({ at }) => at)).toEqual([sooner.dueAt]);
  });

  it('survives an unavailable database: reports it, retries, and delivers what is due', async () => {
    let isUnavailable = true;
    const world = makeLocalWorld({
      loadDue: (window) =>
        isUnavailable ? Promise.reject(new Error('connection refused')) : world.loadDue(window),
    });
    world.commit(world.tick(SECOND));
    await world.scheduler.start();
    await expect(world.scheduler.check()).rejects.toThrow('database');
    await world.clock.advance(7 * SECOND);
    expect(world.errors).toHaveLength(4); // at 0, 1, 3 and 7 s

    isUnavailable = false;
    await world.clock.advance(8 * SECOND);
    expect(world.arrivedTokens()).toEqual(['token-1']);
    await expect(world.scheduler.check()).resolves.toBeUndefined();
  });

  it('has one read under way at a time, however long it takes', async () => {
    let reads = 0;
    const world = makeLocalWorld({
      loadDue: (window) => {
        reads += 1;
        return reads === 1 ? world.loadDue(window) : new Promise(() => {});
      },
    });
    await world.scheduler.start();
    await world.clock.advance(120 * SECOND);
    expect(reads).toBe(2);
  });

  it('continues at the same page when reading it failed', async () => {
    let reads = 0;
    const world = makeLocalWorld({
      pageRows: 1,
      loadDue: (window) => {
        reads += 1;
        return reads === 2 ? Promise.reject(new Error('connection reset')) : world.loadDue(window);
      },
    });
    world.commit(world.tick(5 * SECOND), world.tick(6 * SECOND));
    await world.scheduler.start();
    await world.clock.advance(10 * SECOND);
    expect(world.arrivedTokens()).toEqual(['token-1', 'token-2']);
  });

  it('logs a failed delivery and continues with the next', async () => {
    let deliveries = 0;
    const world = makeLocalWorld({
      deliver: async (ticks) => {
        deliveries += 1;
        if (deliveries === 1) throw new Error('claim failed');
        return world.deliver(ticks);
      },
    });
    world.commit(world.tick(SECOND), world.tick(2 * SECOND));
    await world.scheduler.start();
    await world.clock.advance(3 * SECOND);
    expect(world.arrivedTokens()).toEqual(['token-2']);
    expect(world.errors).toHaveLength(1);
  });

  it('waits longer when the clock is set back, and notices within half a horizon when it is set forward', async () => {
    const world = makeLocalWorld({ horizonMs: 60 * SECOND });
    await world.scheduler.start();
    const tick = world.tick(10 * SECOND);
    await world.scheduler.schedule(tick);
    world.clock.set(new Date(world.clock.now().getTime() - 5 * SECOND));
    await world.clock.advance(14 * SECOND);
    expect(world.arrivals).toEqual([]);
    await world.clock.advance(SECOND);
    expect(world.arrivals.map(({ at }) => at)).toEqual([tick.dueAt]);

    const later = world.tick(50 * SECOND);
    world.commit(later);
    await world.scheduler.schedule(later);
    world.clock.set(new Date(world.clock.now().getTime() + 3_600 * SECOND));
    await world.clock.advance(30 * SECOND);
    expect(world.arrivedTokens()).toEqual([tick.tickToken, later.tickToken]);
  });

  it('reads again what is due when the clock is set back after it was years ahead', async () => {
    const world = makeLocalWorld({ horizonMs: 60 * SECOND });
    const yearsMs = 9 * 365 * 86_400 * SECOND;
    await world.scheduler.start();
    world.clock.set(new Date(world.clock.now().getTime() + yearsMs));
    await world.clock.advance(60 * SECOND);
    world.clock.set(new Date(world.clock.now().getTime() - yearsMs));
    world.commit(world.tick(40 * SECOND));

    await world.clock.advance(100 * SECOND);

    expect(world.arrivedTokens()).toEqual(['token-1']);
  });

  it('sets one timer, however many ticks it holds', async () => {
    const world = makeLocalWorld();
    await world.scheduler.start();
    for (let count = 0; count < 100; count += 1) await world.scheduler.schedule(world.tick(count * 100));
    expect(world.clock.pending()).toBe(1);
  });

  it('delivers no tick early on the real clock', async () => {
    const arrivals: { tick: TickMessage; at: number }[] = [];
    let sawAll = () => {};
    const all = new Promise<void>((resolve) => (sawAll = resolve));
    const world = makeLocalWorld({
      clock: systemClock,
      deliver: async (ticks) => {
        for (const tick of ticks) arrivals.push({ tick, at: Date.now() });
        if (arrivals.length === 50) sawAll();
        return ALL_DELIVERED;
      },
    });
    const startedAt = Date.now();
    const ticks = Array.from({ length: 50 }, (_, index) => ({
      ...world.tick(0),
      dueAt: new Date(startedAt + (index % 10) * 5),
    }));
    await world.scheduler.start();
    for (const tick of ticks) await world.scheduler.schedule(tick);
    await all;
    await world.scheduler.stop();

    const dueAt = new Map(ticks.map((tick) => [tick.tickToken, tick.dueAt.getTime()]));
    expect(arrivals.filter(({ tick, at }) => at < (dueAt.get(tick.tickToken) ?? 0))).toEqual([]);
  });

  it('reports that it is not started', async () => {
    await expect(makeLocalWorld().scheduler.check()).rejects.toThrow('not started');
  });
});
