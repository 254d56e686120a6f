import { randomUUID } from 'node:crypto';
import {
  appendMessages,
  beatLeases,
  commitPlans,
  countPublication,
  extendLease,
  findExpiredLeases,
  findOrphans,
  loadArmedTicks,
  type Queryable,
  recordMessageIds,
  takeLostTicks,
  takeUnpublishedArms,
} from '@everbeat/database';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createGuardWorld, type GuardWorld } from '../support/guardWorld';
import { whileHeld } from '../support/heldRows';

/** Each test has a database of its own, since sweeps look at all tasks. */
let world: GuardWorld;
beforeEach(async () => {
  world = await createGuardWorld();
});
afterEach(() => world.close());

const db = () => world.testDatabase.database.pool;
const later = (seconds: number): Date => new Date(world.clock.now().getTime() + seconds * 1_000);
const sweep = (seconds: number) => ({ now: later(seconds), graceSeconds: 30, limit: 10 });

const endTick = (token: string): Promise<object[]> =>
  world.query(
    `update everbeat.task_ticks set outcome = 'skipped', reason = 'early', ended_at = now() where token = $1`,
    [token],
  );
const setStatus = (taskId: string, status: string): Promise<object[]> =>
  world.query('update everbeat.tasks set status = $2 where id = $1', [taskId, status]);

describe('after a publication', () => {
  test('its message id is recorded only under the current token', async () => {
    const { taskId, token } = await world.armed();
    await world.lifecycle.start(world.userId, taskId);
    const { scheduler } = await world.task(taskId);
    await recordMessageIds(db(), [{ taskId, tickToken: token, messageId: 'of the old arm' }]);
    expect((await world.task(taskId)).scheduler).toEqual(scheduler);
  });

  test('another one is counted only for the current arm of a scheduled task', async () => {
    const [ended, paused, moved] = [await world.armed(), await world.armed(), await world.armed()];
    await endTick(ended.token);
    await setStatus(paused.taskId, 'paused');
    await world.editScheduler(moved.taskId, { tickToken: randomUUID() });
    for (const { taskId, token: tickToken } of [ended, paused, moved]) {
      expect(await countPublication(db(), { taskId, tickToken }, later(0))).toBeNull();
    }
  });
});

describe('the local scheduler', () => {
  test('loads only scheduled tasks whose due time is readable', async () => {
    const [task, paused, odd] = [await world.armed(), await world.armed(), await world.armed()];
    await setStatus(paused.taskId, 'paused');
    await world.editScheduler(odd.taskId, { dueAt: '2000' });
    const window = { dueBefore: later(60), after: null, limit: 10 };
    expect((await loadArmedTicks(db(), window)).map(({ taskId }) => taskId)).toEqual([task.taskId]);
  });
});

describe('the watchdog does not take an arm', () => {
  test('that has ended in the ledger, or whose task is not scheduled', async () => {
    const [ended, paused] = [await world.armed(), await world.armed()];
    await endTick(ended.token);
    await setStatus(paused.taskId, 'paused');
    for (const { taskId } of [ended, paused]) await world.editScheduler(taskId, { tickMessageId: null });
    expect(await takeUnpublishedArms(db(), sweep(60))).toEqual([]);
    expect(await takeLostTicks(db(), sweep(60))).toEqual([]);
  });

  test('as unpublished if it was published', async () => {
    await world.armed();
    expect(await takeUnpublishedArms(db(), sweep(60))).toEqual([]);
  });

  test('as unpublished before the grace has passed since the arm and since its last publication', async () => {
    const { taskId, token } = await world.armed();
    await world.editScheduler(taskId, { tickMessageId: null });
    expect(await takeUnpublishedArms(db(), sweep(29))).toEqual([]);
    await world.query('update everbeat.task_ticks set published_at = $2 where token = $1', [
      token,
      later(-60),
    ]);
    expect(await takeUnpublishedArms(db(), sweep(29))).toEqual([]);
    await world.editScheduler(taskId, { scheduledAt: later(-60).toISOString() });
    await world.query('update everbeat.task_ticks set published_at = $2 where token = $1', [token, later(0)]);
    expect(await takeUnpublishedArms(db(), sweep(29))).toEqual([]);
    expect(await takeUnpublishedArms(db(), sweep(30))).toHaveLength(1);
  });

  test('as lost before its due time and the grace have passed', async () => {
    const { taskId } = await world.armed();
    await world.editScheduler(taskId, { dueAt: later(600).toISOString() });
    expect(await takeLostTicks(db(), sweep(300))).toEqual([]);
    expect(await takeLostTicks(db(), sweep(630))).toHaveLength(1);
  });

  test('that another process has locked, and does not wait for it', async () => {
    const { token } = await world.armed();
    const taken = await impatiently('task_ticks where token = $1', [token], (taker) =>
      takeLostTicks(taker, sweep(60)),
    );
    expect(taken).toEqual([]);
  });
});

/** What `work` does while another session holds these rows; it may not wait long. */
async function impatiently<Result>(
  rows: string,
  values: readonly unknown[],
  work: (db: Queryable) => Promise<Result>,
): Promise<Result> {
  const worker = await db().connect();
  try {
    await worker.query('set lock_timeout = 2000');
    return await whileHeld(db(), rows, values, () => work(worker));
  } finally {
    worker.release(true);
  }
}

/** The first execution of an operation. */
const first = (operationId: string) => ({ operationId, leaseEpoch: 0 });

describe('a row that another session holds', () => {
  test('keeps no other lease from being renewed, and its run counts as alive', async () => {
    const [held, other] = [await world.running(), await world.running()];
    const ids = [held.operationId, other.operationId];
    const alive = await impatiently('operations where id = $1', [held.operationId], (worker) =>
      beatLeases(worker, ids.map(first), later(60)),
    );
    expect([...alive.keys()].sort()).toEqual(ids.sort());
    const beats = await world.query('select id from everbeat.operations where heartbeat_at = $1', [
      later(60),
    ]);
    expect(beats).toEqual([{ id: other.operationId }]);
  });

  test.each([
    ['tasks', 'id'],
    ['task_ticks', 'task_id'],
  ])('of %s keeps no other message id from being recorded', async (table, key) => {
    const [held, other] = [await world.armed(), await world.armed()];
    const published = [held, other].map(({ taskId, token }) => ({
      taskId,
      tickToken: token,
      messageId: 'new',
    }));
    await impatiently(`${table} where ${key} = $1`, [held.taskId], (worker) =>
      recordMessageIds(worker, published),
    );
    expect((await world.task(other.taskId)).scheduler).toMatchObject({ tickMessageId: 'new' });
    const recorded = await world.query(`select task_id from everbeat.task_ticks where message_id = 'new'`);
    expect(recorded).toContainEqual({ task_id: other.taskId });
  });

  test('of a task lets a shared claim and a shared commit write the others', async () => {
    const [held, other] = [await world.armed(), await world.armed()];
    const writes = await Promise.all(
      [held, other].map(({ taskId }, group) => world.writeOver(taskId, { group })),
    );
    const written = await impatiently('tasks where id = $1', [held.taskId], (worker) =>
      commitPlans(worker, writes, later(0)),
    );
    expect([...written.keys()]).toEqual([other.taskId]);
  });
});

describe('the watchdog does not treat a task as an orphan', () => {
  test('if its blocking brief is open, its arm is open in the ledger, or the arm is younger than the grace', async () => {
    const [waiting, , fresh] = [await world.armed(), await world.armed(), await world.armed()];
    const brief = await world.brief(waiting.taskId, null);
    await world.query(`update everbeat.briefs set priority = 'urgent' where id = $1`, [brief]);
    await world.editScheduler(waiting.taskId, { tickToken: null, dueAt: null, blockedBy: 'urgent-brief' });
    await endTick(fresh.token);
    expect(await findOrphans(db(), sweep(29))).toEqual([]);
    expect(await findOrphans(db(), sweep(30))).toMatchObject([{ taskId: fresh.taskId }]);
  });
});

describe('a lease', () => {
  const expiry = async (operationId: string): Promise<Date | undefined> => {
    const rows = await world.query<{ at: Date }>(
      'select lease_expires_at as at from everbeat.operations where id = $1',
      [operationId],
    );
    return rows[0]?.at;
  };

  test('is over only after its time, and only if its operation is running', async () => {
    const { operationId } = await world.running();
    const ended = await world.running();
    await world.endByHand(ended.operationId);
    expect(await findExpiredLeases(db(), sweep(119))).toEqual([]);
    expect(await findExpiredLeases(db(), sweep(121))).toMatchObject([{ operationId }]);
  });

  test('that was given while a clock was ahead is over, until its process renews it', async () => {
    const { operationId } = await world.running();
    await world.query(`update everbeat.operations set lease_expires_at = '2035-01-01' where id = $1`, [
      operationId,
    ]);
    expect(await findExpiredLeases(db(), sweep(0))).toMatchObject([{ operationId }]);

    await beatLeases(db(), [first(operationId)], later(0));

    expect(await findExpiredLeases(db(), sweep(0))).toEqual([]);
    expect(await expiry(operationId)).toEqual(later(7_200));
  });

  test('is neither renewed nor extended after the operation has ended', async () => {
    const { operationId } = await world.running();
    await world.endByHand(operationId);
    const before = await expiry(operationId);
    expect(await beatLeases(db(), [first(operationId)], later(60))).toEqual(new Map());
    expect(await extendLease(db(), operationId, later(600), later(60))).toBe(false);
    expect(await expiry(operationId)).toEqual(before);
  });

  test('is shortened neither by a renewal nor by an extension', async () => {
    const { operationId } = await world.running();
    await extendLease(db(), operationId, later(600), later(0));
    await beatLeases(db(), [first(operationId)], later(1));
    await extendLease(db(), operationId, later(60), later(2));
    expect(await expiry(operationId)).toEqual(later(600));
  });
});

describe('a transcript', () => {
  const countMessages = async () => (await world.query('select id from everbeat.messages')).length;
  const message = (operationId: string, topicId: string) =>
    ({ id: randomUUID(), operationId, topicId, role: 'assistant', content: 'Ships' }) as const;

  test('takes each message once, and only from a running operation of its topic', async () => {
    const [run, other] = [await world.running(), await world.running()];
    await appendMessages(db(), [message(run.operationId, other.topicId)], later(0));
    expect(await countMessages()).toBe(0);
    const own = message(run.operationId, run.topicId);
    for (let time = 0; time < 2; time += 1) await appendMessages(db(), [own], later(0));
    expect(await countMessages()).toBe(1);
    await world.endByHand(run.operationId);
    await appendMessages(db(), [message(run.operationId, run.topicId)], later(0));
    expect(await countMessages()).toBe(1);
  });
});
