import { randomUUID } from 'node:crypto';
import { decideRepair } from '@everbeat/domain';
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

describe('the follow-up of a skipped tick', () => {
  test('does nothing if the arm has been replaced since', async () => {
    const { taskId, token } = await world.armed();
    await world.lifecycle.start(world.userId, taskId);
    const before = await world.task(taskId);
    await world.lifecycle.afterSkip({ taskId, userId: world.userId, tickToken: token }, 'mode-changed');
    expect(await world.task(taskId)).toEqual(before);
  });

  test('does nothing if the task has been deleted, and neither does a repair', async () => {
    const deletedTask = { taskId: randomUUID(), userId: world.userId, tickToken: randomUUID() };
    await expect(world.lifecycle.afterSkip(deletedTask, 'human-waiting')).resolves.toBeUndefined();
    expect(await world.lifecycle.repair(deletedTask, decideRepair)).toBe(false);
  });

  test('does nothing if the task is not scheduled, even if the task still has its token', async () => {
    const { taskId, token } = await world.armed();
    await world.query(`update everbeat.tasks set status = 'paused', automation_mode = null where id = $1`, [
      taskId,
    ]);
    const brief = await world.brief(taskId, null);
    await world.query(`update everbeat.briefs set priority = 'urgent' where id = $1`, [brief]);
    expect(await world.deliver(taskId, token)).toEqual({ ran: false, reason: 'mode-changed' });
    expect((await world.task(taskId)).status).toBe('paused');
  });
});

test('an interrupt of a settled run does not stop the run after it', async () => {
  const first = await world.running();
  const completion = {
    ...first,
    userId: world.userId,
    errorCode: null,
    errorMessage: null,
    report: null,
    usage: null,
  };
  await world.lifecycle.settle({ ...completion, status: 'done', transcript: [] });
  await world.beat(first.taskId);
  const { tickToken } = (await world.task(first.taskId)).scheduler;
  await world.clock.advance(60_000);
  const second = await world.claim(first.taskId, { tickToken });

  await expect(world.lifecycle.interrupt(world.userId, first.operationId)).rejects.toMatchObject({
    code: 'operation-settled',
  });
  expect(await world.statusOf(second)).toBe('running');
});

test('pausing a paused task keeps its error, and makes no new revision', async () => {
  const { taskId, operationId, topicId } = await world.running();
  await world.query('update everbeat.tasks set automation_mode = null where id = $1', [taskId]);
  await world.lifecycle.settle({
    taskId,
    operationId,
    topicId,
    userId: world.userId,
    status: 'error',
    errorCode: 'fog',
    errorMessage: 'Nothing to see',
    report: null,
    usage: null,
    transcript: [],
  });
  const before = await world.task(taskId);
  expect(before).toMatchObject({ status: 'paused', error: 'Nothing to see' });
  await world.lifecycle.pause(world.userId, taskId);
  expect(await world.task(taskId)).toEqual(before);
});

test('rolling back a claim whose run has settled changes nothing', async () => {
  const claim = await world.running();
  const completion = {
    ...claim,
    userId: world.userId,
    errorCode: null,
    errorMessage: null,
    report: null,
    usage: null,
  };
  await world.lifecycle.settle({ ...completion, status: 'done', transcript: [] });
  const before = await world.task(claim.taskId);
  await world.lifecycle.rollback({ ...claim, userId: world.userId, errorMessage: 'It did not start' });
  expect(await world.task(claim.taskId)).toEqual(before);
  expect(await world.statusOf(claim.operationId)).toBe('done');
});

test('the ledger records what superseded each arm', async () => {
  const { taskId } = await world.armed();
  await world.lifecycle.start(world.userId, taskId);
  await world.tasks.update(world.userId, { id: taskId, heartbeatInterval: 120 });
  await world.lifecycle.pause(world.userId, taskId);
  await world.lifecycle.resume(world.userId, taskId);
  await world.lifecycle.cancel(world.userId, taskId);
  const reasons = (await world.ticks(taskId)).map(({ outcome, reason }) => `${outcome}: ${reason}`);
  expect(reasons.toSorted()).toEqual(
    ['started', 'edited', 'paused', 'canceled'].map((reason) => `superseded: ${reason}`).toSorted(),
  );
});
