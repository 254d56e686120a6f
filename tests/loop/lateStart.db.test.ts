import type { QueryConfig } from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world';

/**
 * A process that stood still (a frozen container, a host that slept) must not act on a run that is over by
 * then.
 */

const LEASE_SECONDS = 120;

let world: World;
let taskId: string;
beforeEach(async () => {
  world = await createWorld();
  taskId = await world.startTask({ heartbeatTimeout: LEASE_SECONDS });
});
afterEach(() => world.close());

/**
 * From now on answers to this statement, which takes effect, wait for `pass`. With `failRenewals` no lease
 * can be renewed any more.
 */
function holdAnswers(statement: string): { arrived: Promise<void>; pass(): void; failRenewals(): void } {
  const { pool } = world.testDatabase.database;
  const { query } = pool;
  let arrive: () => void = () => undefined;
  let pass: () => void = () => undefined;
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const passed = new Promise<void>((resolve) => {
    pass = resolve;
  });
  let areRenewalsFailing = false;
  const held = async (...asked: [QueryConfig]): Promise<unknown> => {
    if (areRenewalsFailing && asked[0].name === 'everbeat_beat_leases') throw new Error('The server is away');
    const answer: unknown = await Reflect.apply(query, pool, asked);
    if (asked[0].name === statement) {
      arrive();
      await passed;
    }
    return answer;
  };
  Object.assign(pool, { query: held });
  const failRenewals = (): void => {
    areRenewalsFailing = true;
  };
  return { arrived, pass: () => pass(), failRenewals };
}

const tick = async () => ({
  taskId,
  userId: world.userId,
  tickToken: (await world.task(taskId)).scheduler.tickToken ?? '',
});

describe.each([
  { what: 'its claim', statement: 'everbeat_claim', readsPrompt: false },
  { what: 'its prompt', statement: 'everbeat_prompt_contexts', readsPrompt: true },
])('a process that stood still while it waited for $what', ({ statement, readsPrompt }) => {
  /** Starts a run whose process stands still there, until its lease is over. */
  async function standStill() {
    const called: string[] = [];
    world.agent.default(async (request) => {
      if (readsPrompt) await request.prompt();
      called.push(request.operationId);
      return { kind: 'done', content: 'Seven ships' };
    });
    const answer = holdAnswers(statement);
    const run = world.runner.runTick(await tick());
    await answer.arrived;
    const [operation] = await world.query<{ id: string }>('select id from everbeat.operations');
    world.clock.set(new Date(world.clock.now().getTime() + (LEASE_SECONDS + 1) * 1_000));
    const end = async () => {
      answer.pass();
      await (await run).finished;
    };
    return { operationId: operation?.id ?? '', called, end, failRenewals: answer.failRenewals };
  }

  test('does not call the agent for a run that others have ended', async () => {
    const { called, end } = await standStill();
    const other = await world.secondProcess();
    expect(await other.watchdog.sweep()).toMatchObject({ stuck: 1 });
    await (await other.runner.runTick(await tick())).finished;
    expect(called).toHaveLength(1);

    await end();
    expect(called).toHaveLength(1);
    await world.expectSound();
  });

  test('does not call the agent while it cannot find out', async () => {
    const { called, end, failRenewals } = await standStill();
    failRenewals();
    await end();
    expect(called).toEqual([]);
    expect(await world.watchdog.sweep()).toMatchObject({ stuck: 1 });
    await world.expectSound();
  });

  test('goes on with a run that nobody has ended', async () => {
    const { operationId, called, end } = await standStill();
    await end();
    expect(called).toEqual([operationId]);
    expect(await world.query('select status from everbeat.operations')).toEqual([{ status: 'done' }]);
    await world.expectSound();
  });
});
