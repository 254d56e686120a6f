import { expect, test } from 'vitest';
import { stepsWorldPerTest } from './stepsWorld';

const world = stepsWorldPerTest();

/** The next statement of this name meets a database that is away. Resolves once it has. */
function awayFor(name: string): Promise<void> {
  const { pool } = world().testDatabase.database;
  const query = pool.query.bind(pool);
  return new Promise((met) => {
    Reflect.set(pool, 'query', (...args: unknown[]): unknown => {
      const [config] = args;
      const isMeant = typeof config === 'object' && config !== null && Reflect.get(config, 'name') === name;
      if (!isMeant) return Reflect.apply(query, pool, args);
      Reflect.set(pool, 'query', query);
      met();
      return Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
    });
  });
}

test('a run whose servers of tools cannot be read waits for the database, and fails for nothing', async () => {
  const serverId = '01900000-0000-7000-8000-000000000001';
  const taskId = await world().startModelTask({ tools: { mcp: [{ serverId }] } });
  world().chat.default({ text: 'All quiet' });
  const met = awayFor('everbeat_read_mcp_servers');
  await world().begin(taskId);
  await met;
  // The answer of the failed statement has to arrive before the time passes.
  await new Promise((resolve) => setImmediate(resolve));
  await world().clock.advance(250);
  await world().runner.idle();

  expect(await world().operations(taskId)).toMatchObject([{ status: 'done' }]);
  expect((await world().task(taskId)).scheduler.consecutiveFailures).toBe(0);
});
