import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGuardWorld, type GuardWorld } from '../support/guardWorld';

let world: GuardWorld;
beforeAll(async () => {
  world = await createGuardWorld();
});
afterAll(async () => {
  world.agent.release();
  await world.close();
});

describe('what a skip leaves to do', () => {
  test('is not done for an arm that has been replaced since', async () => {
    const { taskId, token } = await world.armed();
    await world.lifecycle.start(world.userId, taskId);
    const before = await world.task(taskId);
    await world.lifecycle.afterSkip({ taskId, userId: world.userId, tickToken: token }, 'mode-changed');
    expect(await world.task(taskId)).toEqual(before);
  });

  test('is nothing, for a task that was deleted meanwhile', async () => {
    const gone = { taskId: randomUUID(), userId: world.userId, tickToken: randomUUID() };
    await expect(world.lifecycle.afterSkip(gone, 'human-waiting')).resolves.toBeUndefined();
    expect(await world.lifecycle.repair(gone, () => true)).toBe(false);
  });

  test('is not done for a task that does not rest, although it has kept its token', async () => {
    const { taskId, token } = await world.armed();
    await world.query(`update tasks set status = 'paused', automation_mode = null where id = $1`, [taskId]);
    const brief = await world.brief(taskId, null);
    await world.query(`update briefs set priority = 'urgent' where id = $1`, [brief]);
    expect(await world.deliver(taskId, token)).toEqual({ ran: false, reason: 'mode-changed' });
    expect((await world.task(taskId)).status).toBe('paused');
  });
});

test('a stop is of the run that it names, not of the one after it', async () => {
  const first = await world.running();
  const told = {
    ...first,
    userId: world.userId,
    errorCode: null,
    errorMessage: null,
    report: null,
    usage: null,
  };
  await world.lifecycle.settle({ ...told, status: 'done', transcript: [] });
  await world.beat(first.taskId);
  const { tickToken } = (await world.task(first.taskId)).scheduler;
  await world.clock.advance(60_000);
  const second = await world.claim(first.taskId, { tickToken });

  await expect(world.lifecycle.interrupt(world.userId, first.operationId)).rejects.toMatchObject({
    code: 'operation-settled',
  });
  expect(await world.statusOf(second)).toBe('running');
});

test('a second pause leaves the words of the first, and makes no new revision', async () => {
  const { taskId, operationId, topicId } = await world.running();
  await world.query('update tasks set automation_mode = null where id = $1', [taskId]);
  await world.lifecycle.settle({
    ...{ taskId, operationId, topicId, userId: world.userId, status: 'error' },
    ...{ errorCode: 'fog', errorMessage: 'Nothing to see', report: null, usage: null, transcript: [] },
  });
  const before = await world.task(taskId);
  expect(before).toMatchObject({ status: 'paused', error: 'Nothing to see' });
  await world.lifecycle.pause(world.userId, taskId);
  expect(await world.task(taskId)).toEqual(before);
});

test('the roll-back of a claim whose run has ended since undoes nothing', async () => {
  const claim = await world.running();
  const told = {
    ...claim,
    userId: world.userId,
    errorCode: null,
    errorMessage: null,
    report: null,
    usage: null,
  };
  await world.lifecycle.settle({ ...told, status: 'done', transcript: [] });
  const before = await world.task(claim.taskId);
  await world.lifecycle.rollback({ ...claim, userId: world.userId, errorMessage: 'It did not start' });
  expect(await world.task(claim.taskId)).toEqual(before);
  expect(await world.statusOf(claim.operationId)).toBe('done');
});

test('the ledger names what replaced or ended an arm', async () => {
  const { taskId } = await world.armed();
  await world.lifecycle.start(world.userId, taskId);
  await world.lifecycle.update(world.userId, taskId, { heartbeatInterval: 120 });
  await world.lifecycle.pause(world.userId, taskId);
  await world.lifecycle.resume(world.userId, taskId);
  await world.lifecycle.cancel(world.userId, taskId);
  const reasons = (await world.ticks(taskId)).map(({ outcome, reason }) => `${outcome}: ${reason}`);
  expect(reasons.toSorted()).toEqual(
    ['started', 'edited', 'paused', 'canceled'].map((reason) => `superseded: ${reason}`).toSorted(),
  );
});
