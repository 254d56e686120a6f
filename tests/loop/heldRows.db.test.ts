import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world';

/**
 * Invariant 17: a row that somebody else holds (a session left open in a console, a long deletion) stops its
 * own task at most. Everything here happens while the row is held, so a statement that waited for it would
 * never get to the signal the test waits for.
 */
const OTHERS = 50;
/** A shared statement waits a tenth of a second, once, before its rows are tried one by one. */
const P99_MS_MAX = 1_500;

let world: World;
let holder: pg.PoolClient;
beforeEach(async () => {
  world = await createWorld();
  holder = await world.testDatabase.database.pool.connect();
});
afterEach(async () => {
  await letGo();
  holder.release();
  await world.expectSound();
  await world.close();
});

async function hold(rows: string, taskId: string): Promise<void> {
  await holder.query('begin');
  const { rowCount } = await holder.query(`select 1 from everbeat.${rows} for update`, [taskId]);
  expect(rowCount).toBe(1);
}
const letGo = () => holder.query('rollback');

const tickOf = async (taskId: string) => ({
  taskId,
  userId: world.userId,
  tickToken: (await world.task(taskId)).scheduler.tickToken ?? '',
});

async function startTasks() {
  const [held = '', ...others] = await Promise.all(
    Array.from({ length: OTHERS + 1 }, () => world.startTask({ heartbeatInterval: 60 })),
  );
  return { held, others };
}

/** Delivers the ticks together. Returns what became of each, and after how long. */
async function beatTogether(taskIds: readonly string[]) {
  const ticks = await Promise.all(taskIds.map(tickOf));
  const startedAt = performance.now();
  return ticks.map(async (tick) => {
    const { result, finished } = await world.runner.runTick(tick);
    await finished;
    return { result, ms: performance.now() - startedAt };
  });
}

async function expectPrompt(beats: readonly Promise<{ result: { ran: boolean }; ms: number }>[]) {
  const ended = await Promise.all(beats);
  expect(ended.filter(({ result }) => result.ran)).toHaveLength(OTHERS);
  const p99 = ended.map(({ ms }) => ms).sort((a, b) => a - b)[Math.floor(OTHERS * 0.99)];
  expect(p99).toBeLessThan(P99_MS_MAX);
}

/** Lets the delays between attempts pass until every run of this process has ended. */
async function untilIdle(): Promise<void> {
  let isIdle = false;
  const idle = world.runner.idle().then(() => {
    isIdle = true;
  });
  while (!isIdle) {
    await world.clock.advance(1_000);
    // An attempt that is under way takes as long as the database needs.
    await world.lockWaiters();
  }
  await idle;
}

describe('fifty other tasks beat while somebody holds, of one task that is due,', () => {
  test.each([
    ['the task', 'tasks where id = $1'],
    ['its open row of the ledger', 'task_ticks where task_id = $1 and outcome is null'],
  ])('%s', async (_what, rows) => {
    const { held, others } = await startTasks();
    await hold(rows, held);
    const [ofHeld, ...ofOthers] = await beatTogether([held, ...others]);
    const refusal = ofHeld?.catch((error: unknown) => error);

    await expectPrompt(ofOthers);
    expect(await refusal).toMatchObject({ code: '55P03' });
    expect(await world.task(held)).toMatchObject({ status: 'scheduled', totalTopics: 0 });

    await letGo();
    expect(await world.deliver(held)).toMatchObject({ ran: true });
  });
});

describe('fifty other tasks settle while somebody holds, of one task whose run ends,', () => {
  test.each([
    ['the task', 'tasks where id = $1'],
    ['its operation', `operations where task_id = $1 and status = 'running'`],
    ['the brief that its success resolves', 'briefs where task_id = $1 and resolved_at is null'],
    ['its topic', `topics where task_id = $1 and status = 'running'`],
  ])('%s', async (_what, rows) => {
    const { held, others } = await startTasks();
    world.agent.next({ kind: 'error', errorCode: 'agent_failed', errorMessage: 'Not yet' });
    await world.deliver(held);
    await world.clock.advance(60_000);
    world.agent.hold();
    const [ofHeld, ...ofOthers] = await beatTogether([held, ...others]);
    await world.agent.started(1 + others.length + 1);
    await hold(rows, held);
    world.agent.release();

    await expectPrompt(ofOthers);
    expect(await world.task(held)).toMatchObject({ status: 'running' });

    await letGo();
    await untilIdle();
    expect(await ofHeld).toMatchObject({ result: { ran: true } });
    expect(await world.task(held)).toMatchObject({ status: 'scheduled', totalTopics: 2 });
    expect((await world.briefs(held)).map((brief) => brief.resolvedAction)).toEqual(['recovered']);
  });
});

test('a scheduler can deliver its next ticks while one waits for a held task', async () => {
  const taskId = await world.startTask();
  const tick = await tickOf(taskId);
  await hold('tasks where id = $1', taskId);
  await world.runner.deliverTick(tick);
  await expect.poll(() => world.lockWaiters()).toBe(1);

  await letGo();
  await world.runner.idle();
  expect(await world.task(taskId)).toMatchObject({ totalTopics: 1 });
});

test('a tick whose task stays held is left to the watchdog, which publishes it again', async () => {
  const taskId = await world.startTask();
  await hold('tasks where id = $1', taskId);
  await world.runner.deliverTick(await tickOf(taskId));
  await world.runner.idle();
  expect(await world.ticks(taskId)).toMatchObject([{ outcome: null, publications: 1 }]);

  await world.clock.advance(60_000);
  expect(await world.watchdog.sweep()).toMatchObject({ lost: 1 });
  expect(await world.ticks(taskId)).toMatchObject([{ outcome: null, publications: 2 }]);
  await letGo();
  expect(await world.deliver(taskId)).toMatchObject({ ran: true });
});

test('a person is told that the task is held, and nothing is written', async () => {
  const taskId = await world.startTask();
  await hold('tasks where id = $1', taskId);
  await expect(world.lifecycle.pause(world.userId, taskId)).rejects.toMatchObject({ code: '55P03' });
  await expect(world.tasks.comment(world.userId, taskId, 'Hello')).rejects.toMatchObject({ code: '55P03' });
  await letGo();
  await world.lifecycle.pause(world.userId, taskId);
  expect(await world.task(taskId)).toMatchObject({ status: 'paused' });
});
