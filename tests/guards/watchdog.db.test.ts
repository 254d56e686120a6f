import type { Queryable } from '@everbeat/database';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TaskWatchdogService } from '@/server/services/taskWatchdog/TaskWatchdogService';
import { TickPublisher } from '@/server/services/ticks/TickPublisher';
import { createGuardWorld, type GuardWorld } from '../support/guardWorld';

/** Each test has a database of its own, since sweeps look at all tasks. */
let world: GuardWorld;
beforeEach(async () => {
  world = await createGuardWorld();
});
afterEach(async () => {
  world.agent.release();
  await world.close();
});

test('the agent of a run that another process has ended is stopped by the next renewal of its lease', async () => {
  const { taskId, token } = await world.armed();
  world.agent.hold();
  const { finished } = await world.runner.runTick({ taskId, userId: world.userId, tickToken: token });
  const { signal } = await world.agent.started(1);
  const other = await world.secondProcess();
  await other.lifecycle.pause(world.userId, taskId);
  expect(signal.aborted).toBe(false);

  await world.runner.renewLeases();

  expect(signal.aborted).toBe(true);
  await finished;
  expect((await world.task(taskId)).status).toBe('paused');
});

describe('a sweep of the watchdog', () => {
  test('settles the other stuck runs when one cannot be settled', async () => {
    const [unsettleable, other] = [await world.running(), await world.running()];
    await world.query(
      `create function everbeat.refuse() returns trigger language plpgsql as $$ begin raise exception 'never'; end $$`,
    );
    await world.query(
      `create trigger refuse before update on everbeat.tasks for each row when (old.id = '${unsettleable.taskId}') execute function everbeat.refuse()`,
    );
    await world.clock.advance(600_000);

    expect(await world.watchdog.sweep()).toMatchObject({ stuck: 1 });

    expect(await world.statusOf(other.operationId)).toBe('timeout');
    expect(await world.statusOf(unsettleable.operationId)).toBe('running');
  });

  test('does not repair an orphan that a person has started since the sweep found it', async () => {
    const { taskId } = await world.armed();
    await world.editScheduler(taskId, { tickToken: null, dueAt: null });
    await world.clock.advance(600_000);
    const sweep = { armedMeanwhile: false };
    const db = afterQuery('everbeat_find_orphans', async () => {
      await world.lifecycle.start(world.userId, taskId);
      sweep.armedMeanwhile = true;
    });
    const { clock, logger, lifecycle, runner, scheduler, env } = world;
    const publisher = new TickPublisher({ db, scheduler, clock, logger });
    const graceSeconds = env.WATCHDOG_GRACE_SECONDS;
    const nothing = async () => undefined;
    const size = async () => ({ bytes: 0, isPartial: false });
    const folders = { taskIds: async () => [], remove: nothing, removeTrials: nothing, size };
    const watchdog = new TaskWatchdogService({
      db,
      clock,
      logger,
      lifecycle,
      runner,
      publisher,
      graceSeconds,
      folders,
      secretsSweep: { sweep: nothing },
      readiness: { sweep: nothing },
      bots: { sweep: async () => undefined },
      deliveries: { sweep: nothing },
    });

    expect(await watchdog.sweep()).toMatchObject({ orphans: 0 });

    expect(sweep.armedMeanwhile).toBe(true);
    const outcomes = (await world.ticks(taskId)).map(({ reason }) => reason);
    expect(outcomes).not.toContain('repaired');
  });

  test('repairs an orphan at once whose arm could not be armed anew', async () => {
    const { taskId } = await world.armed();
    await world.editScheduler(taskId, { dueAt: '2099-01-01T00:00:00.000Z' });
    await world.query(
      `create function everbeat.refuse() returns trigger language plpgsql as $$ begin raise exception 'not now'; end $$`,
    );
    await world.query(
      'create trigger refuse before update on everbeat.tasks for each row execute function everbeat.refuse()',
    );
    expect(await world.watchdog.sweep()).toMatchObject({ orphans: 0, impossible: 0 });
    await world.query('drop trigger refuse on everbeat.tasks');
    await world.editScheduler(taskId, { tickToken: null, dueAt: null });
    expect(await world.watchdog.sweep()).toMatchObject({ orphans: 1 });
  });

  test('goes on behind the dependencies that the last one looked at', async () => {
    const [ended, waiting] = [await world.createTask(), await world.createTask()];
    await world.tasks.addDependency(world.userId, waiting.id, ended.id);
    await world.query(`update everbeat.tasks set status = 'failed' where id = $1`, [ended.id]);
    // Their ids come before all others. They wait for a task that goes on.
    await world.query(
      `with crowd as (
         insert into everbeat.tasks (id, user_id, number, identifier, name, instruction)
         select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, $1, 1000 + n, 'T-' || 1000 + n, '', ''
         from generate_series(1, 4000) n returning id)
       insert into everbeat.task_dependencies (user_id, task_id, depends_on_id, created_at)
       select $1, id, $2::uuid, now() from crowd`,
      [world.userId, waiting.id],
    );
    expect(await world.watchdog.sweep()).toMatchObject({ orphans: 0 });
    expect(await world.watchdog.sweep()).toMatchObject({ orphans: 1 });
    expect(await world.briefs(waiting.id)).toMatchObject([{ type: 'decision', priority: 'urgent' }]);
  });
});

/** The world's database, which calls `act` right after the first query of that name. */
function afterQuery(name: string, act: () => Promise<void>): Queryable {
  const { pool } = world.testDatabase.database;
  let hasActed = false;
  return new Proxy<Queryable>(pool, {
    get: () => async (query: { name?: string; text: string; values?: unknown[] }) => {
      const result = await pool.query(query);
      if (query.name === name && !hasActed) {
        hasActed = true;
        await act();
      }
      return result;
    },
  });
}
