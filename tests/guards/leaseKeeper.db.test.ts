import type { Queryable } from '@everbeat/database';
import { silentLogger } from '@everbeat/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LeaseKeeper } from '@/server/services/taskRunner/leaseKeeper';
import { createGuardWorld, type GuardWorld } from '../support/guardWorld';

/** The keeper of a process's leases, on a database that can fail. The clock waits for its statements. */
let world: GuardWorld;
let keeper: LeaseKeeper;
let renewals: string[][];
let isDatabaseAway: boolean;
let held: Set<string>;
let forgetClock: () => void;

beforeAll(async () => {
  world = await createGuardWorld();
});
afterAll(() => world.close());

beforeEach(() => {
  renewals = [];
  isDatabaseAway = false;
  const { pool } = world.testDatabase.database;
  let statement: Promise<unknown> = Promise.resolve();
  held = new Set();
  forgetClock = world.clock.settleWith(async () => {
    await statement.catch(() => undefined);
    // The keeper goes on in the turn after its statement has ended.
    await new Promise((resolve) => setImmediate(resolve));
  });
  const db = new Proxy<Queryable>(pool, {
    get: () => (query: { text: string; values: [string[], string] }) => {
      renewals.push(query.values[0]);
      statement = isDatabaseAway ? Promise.reject(new Error('away')) : pool.query(query);
      return statement;
    },
  });
  keeper = new LeaseKeeper({ db, clock: world.clock, logger: silentLogger });
});
afterEach(() => {
  for (const operationId of held) keeper.release(first(operationId));
  forgetClock();
});

/** The first execution of an operation. */
const first = (operationId: string) => ({ operationId, leaseEpoch: 0 });

function hold(operationId: string, leaseSeconds: number): AbortSignal {
  held.add(operationId);
  return keeper.hold(first(operationId), { leaseSeconds, from: world.clock.now() });
}

describe('a lease', () => {
  test.each([
    [30, 10_000],
    [120, 15_000],
    [1, 1_000 / 3],
  ])('of %i s is renewed every %d ms for as long as it is held', async (leaseSeconds, everyMs) => {
    const { operationId } = await world.running();
    hold(operationId, leaseSeconds);

    await world.clock.advance(everyMs - 1);
    expect(renewals).toEqual([]);
    await world.clock.advance(2 * everyMs + 2);
    expect(renewals).toEqual([[operationId], [operationId], [operationId]]);

    keeper.release(first(operationId));
    await world.clock.advance(100_000);
    expect(renewals).toHaveLength(3);
  });

  test('that is short is renewed in its own time, beside long ones, and in one statement with them', async () => {
    const [long, short] = [await world.running(), await world.running()];
    hold(long.operationId, 120);
    hold(short.operationId, 6);

    await world.clock.advance(2_000);
    expect(renewals).toEqual([[long.operationId, short.operationId]]);

    keeper.release(first(short.operationId));
    await world.clock.advance(2_000);
    expect(renewals).toEqual([[long.operationId, short.operationId], [long.operationId]]);
    await world.clock.advance(14_999);
    expect(renewals).toHaveLength(2);
    await world.clock.advance(1);
    expect(renewals).toHaveLength(3);
  });

  test('that begins last does not put off the renewal of a shorter one', async () => {
    const [short, long] = [await world.running(), await world.running()];
    hold(short.operationId, 6);
    await world.clock.advance(1_500);
    hold(long.operationId, 120);
    await world.clock.advance(500);
    expect(renewals).toHaveLength(1);
  });

  test('goes on to be renewed after a renewal that failed, and its agent is not stopped', async () => {
    const { operationId } = await world.running();
    const signal = hold(operationId, 30);
    isDatabaseAway = true;
    await world.clock.advance(10_000);
    isDatabaseAway = false;
    await world.clock.advance(10_000);
    expect(renewals).toHaveLength(2);
    expect(signal.aborted).toBe(false);
  });
});

describe('the agent of a run', () => {
  test.each([
    ['after a wait within its lease', 30_000, 'running', false, 0],
    ['after a longer one, when its operation still runs', 30_001, 'running', false, 1],
    ['after a longer one, when others have ended its operation', 30_001, 'ended', true, 1],
    ['after a longer one, while the database is away', 30_001, 'unknown', true, 1],
  ] as const)('may go on or is stopped %s', async (_when, waitMs, state, isStopped, renewed) => {
    const { operationId } = await world.running();
    const from = new Date(world.clock.now().getTime() - waitMs);
    held.add(operationId);
    const signal = keeper.hold(first(operationId), { leaseSeconds: 30, from });
    if (state === 'ended') await world.endByHand(operationId);
    isDatabaseAway = state === 'unknown';

    await keeper.confirm(first(operationId));

    expect(signal.aborted).toBe(isStopped);
    expect(renewals).toHaveLength(renewed);
  });

  test('is stopped when its operation has ended elsewhere, and no other', async () => {
    const [ended, other] = [await world.running(), await world.running()];
    const [endedSignal, otherSignal] = [ended, other].map(({ operationId }) => hold(operationId, 30));
    await world.endByHand(ended.operationId);
    await keeper.renew();
    expect([endedSignal?.aborted, otherSignal?.aborted]).toEqual([true, false]);
  });

  test('is stopped alone by a person, and with all others by a stop of the server', async () => {
    const runs = [await world.running(), await world.running(), await world.running()];
    const signals = runs.map(({ operationId }) => hold(operationId, 30));
    const stopped = (): boolean[] => signals.map(({ aborted }) => aborted);

    keeper.abort(runs[0]?.operationId ?? '');
    expect(stopped()).toEqual([true, false, false]);
    keeper.abortAll();
    expect(stopped()).toEqual([true, true, true]);
  });

  test('that has ended is not stopped any more, while its lease is renewed until the run is settled', async () => {
    const { operationId } = await world.running();
    const signal = hold(operationId, 30);
    keeper.agentEnded(first(operationId));
    keeper.abortAll();
    expect(signal.aborted).toBe(false);
    await world.clock.advance(10_000);
    expect(renewals).toEqual([[operationId]]);
  });
});
