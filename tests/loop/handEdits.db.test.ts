import { loadArmedTicks } from '@everbeat/database';
import { LocalTaskScheduler } from '@everbeat/scheduler';
import { silentLogger } from '@everbeat/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(async () => {
  try {
    await world.expectSound();
  } finally {
    world.agent.release();
    await world.close();
  }
});

/** A heartbeat task, armed for now. */
async function armed(): Promise<{ id: string; token: string }> {
  const id = await world.startTask();
  return { id, token: (await world.task(id)).scheduler.tickToken ?? '' };
}

/** Merges `scheduler` into the stored scheduler state, as somebody with access to the database could. */
const edit = (taskId: string, scheduler: object): Promise<object[]> =>
  world.query(
    `update everbeat.tasks set context = jsonb_set(context, '{scheduler}', (context -> 'scheduler') || $2::jsonb) where id = $1`,
    [taskId, JSON.stringify(scheduler)],
  );

const sweepLater = async () => {
  await world.clock.advance(31_000);
  return world.watchdog.sweep();
};

test.each([
  ['missing', null],
  ['not a time', 'tomorrow'],
])('when the due time is %s, the watchdog replaces the arm and ends its ledger row', async (_name, dueAt) => {
  const { id } = await armed();
  await edit(id, { dueAt });

  expect(await sweepLater()).toMatchObject({ orphans: 1 });

  expect((await world.ticks(id))[0]).toMatchObject({ outcome: 'superseded' });
  expect(await world.deliver(id)).toMatchObject({ ran: true });
});

test.each([
  ['an urgent brief that is not open', 'urgent-brief'],
  ['an unknown blocker', 'mood'],
])('the watchdog arms a task that is blocked by %s', async (_name, blockedBy) => {
  const { id } = await armed();
  await world.query(
    `update everbeat.task_ticks set outcome = 'superseded', ended_at = now() where task_id = $1`,
    [id],
  );
  await edit(id, { tickToken: null, dueAt: null, blockedBy });

  expect(await sweepLater()).toMatchObject({ orphans: 1 });
  expect(await world.deliver(id)).toMatchObject({ ran: true });
});

test('a tick whose arm has no due time is skipped as early and not published again', async () => {
  const { id, token } = await armed();
  await edit(id, { dueAt: null });

  expect(await world.deliver(id, token)).toEqual({ ran: false, reason: 'early' });

  expect((await world.ticks(id))[0]).toMatchObject({ publications: 1 });
  await sweepLater();
});

test('the local scheduler ignores a due time in another format; the watchdog publishes the tick', async () => {
  const [odd, sound] = [await armed(), await armed()];
  await edit(odd.id, { dueAt: '01.02.2026 10:00' });
  const delivered: string[] = [];
  const scheduler = new LocalTaskScheduler({
    clock: world.clock,
    logger: silentLogger,
    loadDue: (window) => loadArmedTicks(world.database.pool, window),
    room: { free: () => 1, onFreed: () => () => undefined },
    deliver: async (ticks) => {
      delivered.push(...ticks.map((tick) => tick.taskId));
      return { noRoom: [], unavailable: [] };
    },
    pageRows: 1,
  });
  await scheduler.start();
  await scheduler.stop();
  expect(delivered).toEqual([sound.id]);

  expect(await sweepLater()).toMatchObject({ lost: 2 });
  expect(await world.deliver(odd.id, odd.token)).toMatchObject({ ran: true });
});

test('an unknown trigger, as another version may have stored, is read as the trigger of the automation mode', async () => {
  const { id, token } = await armed();
  await edit(id, { trigger: 'moon-phase' });

  expect(await world.deliver(id, token)).toMatchObject({ ran: true });

  expect(await world.query('select trigger from everbeat.operations where task_id = $1', [id])).toEqual([
    { trigger: 'heartbeat' },
  ]);
});

test('a person can run a task whose stored token is not a UUID', async () => {
  const { id } = await armed();
  await edit(id, { tickToken: 'garbage' });
  await world.query(
    `update everbeat.task_ticks set outcome = 'superseded', ended_at = now() where task_id = $1`,
    [id],
  );

  await world.runner.run(world.userId, { taskId: id });
  await world.runner.idle();

  expect(await world.task(id)).toMatchObject({ status: 'scheduled' });
});

test.each(['null', '"text"', '[]', '7'])(
  'a context that is %s instead of an object is replaced, and the task is armed',
  async (context) => {
    const { id } = await armed();
    await world.query(
      `update everbeat.task_ticks set outcome = 'superseded', ended_at = now() where task_id = $1`,
      [id],
    );
    await world.query('update everbeat.tasks set context = $2::jsonb where id = $1', [id, context]);
    expect(await world.reads.task(world.userId, id)).toMatchObject({ id, nextRunAt: null });

    expect(await sweepLater()).toMatchObject({ orphans: 1 });
    expect(await world.deliver(id)).toMatchObject({ ran: true });
  },
);

test('a task that cannot be repaired does not keep the watchdog from repairing others', async () => {
  const stuck = await armed();
  world.agent.hold();
  const { finished } = await world.runner.runTick({
    taskId: stuck.id,
    userId: world.userId,
    tickToken: stuck.token,
  });
  await world.query(
    `create function everbeat.refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$`,
  );
  await world.query(
    `create trigger refuse before update on everbeat.tasks for each row when (new.id = '${stuck.id}') execute function everbeat.refuse()`,
  );
  const lost = await armed();
  await world.clock.advance(31_000);
  const endLease = () =>
    world.query(`update everbeat.operations set lease_expires_at = '2000-01-01' where task_id = $1`, [
      stuck.id,
    ]);
  await endLease();

  expect(await world.watchdog.sweep()).toMatchObject({ stuck: 0, lost: 1 });

  await world.query('drop trigger refuse on everbeat.tasks');
  // A failed repair is made again after half a minute. Its process renews the lease meanwhile, at any moment.
  await world.clock.advance(30_000);
  const sweepOnceOver = async () => {
    await endLease();
    return (await world.watchdog.sweep()).stuck;
  };
  await expect.poll(sweepOnceOver, { timeout: 10_000 }).toBe(1);
  await finished;
  world.agent.release();
  expect(await world.deliver(lost.id, lost.token)).toMatchObject({ ran: true });
});

test('concurrent sweeps publish a lost tick once, even without a grace', async () => {
  const withoutGrace = await createWorld({ env: { WATCHDOG_GRACE_SECONDS: '0' } });
  const { id } = await withoutGrace.createTask();
  await withoutGrace.lifecycle.start(withoutGrace.userId, id);
  await withoutGrace.clock.advance(1);

  await Promise.all([1, 2, 3, 4].map(() => withoutGrace.watchdog.sweep()));

  expect((await withoutGrace.ticks(id))[0]).toMatchObject({ publications: 2 });
  await withoutGrace.close();
});
