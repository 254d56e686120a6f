import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { awayFor, heldFor } from '../support/statementFaults';
import { createWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await createWorld({ env: { WATCHDOG_GRACE_SECONDS: '30' } });
});
afterEach(() => world.expectSound());
afterAll(() => world.close());

const FOUND_NOTHING = { stuck: 0, unpublished: 0, lost: 0, orphans: 0, impossible: 0, leftovers: 0 };

/** Merges `change` into the stored scheduler state, as somebody with access to the database could. */
const editScheduler = (taskId: string, change: string): Promise<object[]> =>
  world.query(
    `update everbeat.tasks set context = jsonb_set(context, '{scheduler}', (context -> 'scheduler') || $2::jsonb) where id = $1`,
    [taskId, change],
  );

test('a healthy task is left unchanged', async () => {
  const id = await world.startTask();
  expect(await world.watchdog.sweep()).toEqual(FOUND_NOTHING);
  await world.lifecycle.pause(world.userId, id);
});

test('a run whose lease is over is settled as a timeout, and its task is scheduled again', async () => {
  const id = await world.startTask();
  world.agent.hold();
  const tick = {
    taskId: id,
    userId: world.userId,
    tickToken: (await world.task(id)).scheduler.tickToken ?? '',
  };
  const { result, finished } = await world.runner.runTick(tick);
  expect(result.ran).toBe(true);
  await world.query(`update everbeat.operations set lease_expires_at = '2000-01-01' where task_id = $1`, [
    id,
  ]);

  expect(await world.watchdog.sweep()).toEqual({ ...FOUND_NOTHING, stuck: 1 });

  await finished;
  world.agent.release();
  expect(await world.task(id)).toMatchObject({ status: 'scheduled', scheduler: { lostRuns: 1 } });
  const [operation] = await world.query(
    'select status, error_code from everbeat.operations where task_id = $1',
    [id],
  );
  expect(operation).toEqual({ status: 'timeout', error_code: 'lease_lost' });
  await world.lifecycle.pause(world.userId, id);
});

test.each([
  'everbeat_correct_far_questions',
  'everbeat_ask_again',
  'everbeat_find_orphans',
  'everbeat_find_far_arms',
  'everbeat_settle_abandoned',
  'everbeat_remove_old_ticks',
])('a row that is held in %s is left to the next pass, and the pass goes on', async (statement) => {
  const recordedAt = async () =>
    (await world.query(`select updated_at from everbeat.system_state where key = 'watchdog'`)).at(0);
  await world.watchdog.sweep();
  const before = await recordedAt();
  await world.clock.advance(1_000);
  const met = heldFor(world.testDatabase, statement);
  expect(await world.watchdog.sweep()).toEqual(FOUND_NOTHING);
  await met;
  expect(await recordedAt()).not.toEqual(before);
});

test('a row that is held in one removal of the past leaves the others to this pass', async () => {
  const id = await world.startTask();
  await world.query(
    `insert into everbeat.task_activities (task_id, user_id, kind, created_at) values ($1, $2, 'edit', '2000-01-01')`,
    [id, world.userId],
  );
  const met = heldFor(world.testDatabase, 'everbeat_remove_old_ticks');
  const { leftovers } = await world.watchdog.sweep();
  await met;
  expect(leftovers).toBe(1);
  await world.lifecycle.pause(world.userId, id);
});

test('a pass ends where the database is away', async () => {
  const met = awayFor(world.testDatabase, 'everbeat_settle_abandoned');
  await expect(world.watchdog.sweep()).rejects.toThrow('ECONNREFUSED');
  await met;
});

test('an arm that was never published is published once, after the grace', async () => {
  const id = await world.startTask();
  await editScheduler(id, '{"tickMessageId":null}');
  expect(await world.watchdog.sweep()).toEqual(FOUND_NOTHING);
  await world.clock.advance(30_000);

  const counts = await Promise.all([world.watchdog.sweep(), world.watchdog.sweep()]);

  expect(counts.reduce((sum, one) => sum + one.unpublished, 0)).toBe(1);
  expect((await world.task(id)).scheduler.tickMessageId).toMatch(/-2$/);
  await world.lifecycle.pause(world.userId, id);
});

test('a lost tick is published again with the same token, each time after twice the wait', async () => {
  const id = await world.startTask();
  const { tickToken } = (await world.task(id)).scheduler;
  const passes: number[] = [];
  for (let pass = 0; pass < 8; pass += 1) {
    await world.clock.advance(30_000);
    passes.push((await world.watchdog.sweep()).lost);
  }
  expect(passes).toEqual([1, 0, 1, 0, 0, 0, 1, 0]);
  expect((await world.task(id)).scheduler.tickToken).toBe(tickToken);
  expect(await world.deliver(id)).toMatchObject({ ran: true });
  await world.lifecycle.pause(world.userId, id);
});

test.each([
  ['neither arm nor blocker', '{"tickToken":null,"dueAt":null}'],
  ['a token that is not a UUID', '{"tickToken":"garbage","dueAt":"2026-01-01T00:00:00.000Z"}'],
  ['a token that is not in the ledger', '{"tickToken":"00000000-0000-4000-8000-000000000000"}'],
])('a scheduled task that a hand edit left with %s is armed', async (_name, change) => {
  const id = await world.startTask();
  const open = (await world.task(id)).scheduler.tickToken;
  await world.query(
    `update everbeat.task_ticks set outcome = 'superseded', ended_at = now() where token = $1`,
    [open],
  );
  await editScheduler(id, change);
  await world.clock.advance(31_000);

  expect(await world.watchdog.sweep()).toMatchObject({ orphans: 1 });

  expect(await world.deliver(id)).toMatchObject({ ran: true });
  await world.lifecycle.pause(world.userId, id);
});

test('an orphan whose rule gives no due time fails, with an error brief', async () => {
  const id = await world.startTask();
  const open = (await world.task(id)).scheduler.tickToken;
  await world.query(
    `update everbeat.task_ticks set outcome = 'superseded', ended_at = now() where token = $1`,
    [open],
  );
  await editScheduler(id, '{"tickToken":null}');
  await world.query(
    `update everbeat.tasks set automation_mode = 'schedule', schedule_pattern = 'nonsense' where id = $1`,
    [id],
  );
  expect(await world.watchdog.sweep()).toMatchObject({ orphans: 1 });
  expect(await world.task(id)).toMatchObject({ status: 'failed' });
  expect(await world.briefs(id)).toMatchObject([{ type: 'error', priority: 'urgent' }]);
});
