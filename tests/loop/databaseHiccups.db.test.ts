import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { awayFor } from '../support/statementFaults';
import { createWorld, type World } from '../support/world';

/** The database is away for a moment, which is nobody's failure but the application's own. */

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterEach(() => world.expectSound());
afterAll(() => world.close());

const AWAY = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

/** Lets the delays between attempts pass until this is over. */
async function passTimeUntil<Result>(over: Promise<Result>): Promise<Result> {
  let isOver = false;
  const ended = over.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await world.clock.advance(250);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return ended;
}

const leaseSeconds = async (taskId: string): Promise<number> => {
  const [row] = await world.query<{ until: Date }>(
    'select lease_expires_at as until from everbeat.operations where task_id = $1',
    [taskId],
  );
  return ((row?.until.getTime() ?? 0) - world.clock.now().getTime()) / 1_000;
};

test('an agent that works elsewhere keeps its time although its lease could not be extended at once', async () => {
  const taskId = await world.startTask();
  world.agent.next({ kind: 'accepted', timeoutSeconds: 3_600 });
  void awayFor(world.testDatabase, 'everbeat_extend_lease', 3);
  await passTimeUntil(world.beat(taskId));
  expect(await leaseSeconds(taskId)).toBeGreaterThan(3_000);
  await world.lifecycle.cancel(world.userId, taskId);
});

test('a run whose agent was not called is given back, and its tick comes again', async () => {
  const taskId = await world.startTask();
  const memory = { seen: randomBytes(10_000).toString('base64') };
  world.agent.next({ kind: 'done', content: 'Three ships', memory });
  await world.beat(taskId);
  const calls = world.agent.calls.length;
  void awayFor(world.testDatabase, 'everbeat_load_memories', 7);
  await world.clock.advance(60_000);
  await passTimeUntil(world.deliver(taskId));
  expect(world.agent.calls).toHaveLength(calls);
  const { status, scheduler } = await world.task(taskId);
  expect([status, scheduler.consecutiveFailures, scheduler.trigger]).toEqual(['scheduled', 0, 'heartbeat']);
  const ends = await world.query('select error_code from everbeat.operations where task_id = $1', [taskId]);
  expect(ends).toHaveLength(2);
  expect(ends).toContainEqual({ error_code: 'start_failed' });
  await world.beat(taskId);
});

test('what the database costs a run that was under way is no strike', async () => {
  const taskId = await world.startTask();
  world.agent.next(() => Promise.reject(AWAY));
  await world.beat(taskId);
  expect(
    await world.query('select failure_class from everbeat.operations where task_id = $1', [taskId]),
  ).toEqual([{ failure_class: 'transient' }]);
  const { status, scheduler } = await world.task(taskId);
  expect([status, scheduler.consecutiveFailures]).toEqual(['scheduled', 0]);
});
