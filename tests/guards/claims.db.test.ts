import { randomUUID } from 'node:crypto';
import { beginExecution, findOperationAgent, takeBackOperation } from '@everbeat/database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGuardWorld, type GuardWorld } from '../support/guardWorld';

let world: GuardWorld;
beforeAll(async () => {
  world = await createGuardWorld();
});
afterAll(() => world.close());

describe('a tick does not claim a task', () => {
  test.each(['backlog', 'paused', 'completed', 'failed', 'canceled', 'running'])(
    'that is %s, even if the task still has its token',
    async (status) => {
      const { taskId, token } = await world.armed();
      await world.query('update everbeat.tasks set status = $2 where id = $1', [taskId, status]);
      expect(await world.claim(taskId, { tickToken: token })).toBeNull();
    },
  );

  test('that is blocked, even if it is armed', async () => {
    const { taskId, token } = await world.armed();
    await world.editScheduler(taskId, { blockedBy: 'urgent-brief' });
    expect(await world.claim(taskId, { tickToken: token })).toBeNull();
  });

  test('after the end date in its arm', async () => {
    const { taskId, token } = await world.armed();
    const now = world.clock.now().getTime();
    await world.editScheduler(taskId, { endAt: new Date(now - 1).toISOString() });
    expect(await world.claim(taskId, { tickToken: token })).toBeNull();
    await world.editScheduler(taskId, { endAt: new Date(now).toISOString() });
    expect(await world.claim(taskId, { tickToken: token })).not.toBeNull();
  });

  test('that belongs to another user', async () => {
    const { taskId, token } = await world.armed();
    expect(await world.claim(taskId, { tickToken: token, userId: 'eve' })).toBeNull();
  });
});

describe('a manual run does not claim a task', () => {
  test('whose revision is not the one that was read', async () => {
    const { taskId } = await world.armed();
    const { revision } = await world.task(taskId);
    expect(await world.claim(taskId, { revision: revision - 1 })).toBeNull();
    expect(await world.claim(taskId, { revision })).not.toBeNull();
  });

  test('whose status is running, even if no operation is', async () => {
    const { taskId } = await world.armed();
    await world.query(`update everbeat.tasks set status = 'running' where id = $1`, [taskId]);
    const { revision } = await world.task(taskId);
    expect(await world.claim(taskId, { revision })).toBeNull();
  });

  test('to continue a topic of another task', async () => {
    const { topicId } = await world.running();
    const { taskId } = await world.armed();
    const { revision } = await world.task(taskId);
    expect(await world.claim(taskId, { revision, continueTopicId: topicId })).toBeNull();
  });
});

describe('the topic that an arm names', () => {
  const topicOf = async (operationId: string | null): Promise<string | undefined> => {
    const [row] = await world.query<{ topic_id: string }>(
      'select topic_id from everbeat.operations where id = $1',
      [operationId],
    );
    return row?.topic_id;
  };

  test('is continued by its tick, and counts as no new one', async () => {
    const { taskId, operationId, topicId } = await world.running();
    await world.endByHand(operationId);
    await world.query(`update everbeat.tasks set status = 'paused' where id = $1`, [taskId]);
    await world.lifecycle.start(world.userId, taskId);
    await world.editScheduler(taskId, { continueTopicId: topicId });
    const { tickToken, ...before } = (await world.task(taskId)).scheduler;
    const { totalTopics } = await world.task(taskId);

    const claimed = await world.claim(taskId, { tickToken });

    expect(before.continueTopicId).toBe(topicId);
    expect(await topicOf(claimed)).toBe(topicId);
    expect(await world.task(taskId)).toMatchObject({ totalTopics });
  });

  test.each(['of another task', 'that is no id'])('%s is not continued', async (which) => {
    const { topicId: foreign } = await world.running();
    const { taskId, token } = await world.armed();
    await world.editScheduler(taskId, { continueTopicId: which === 'of another task' ? foreign : 'hello' });
    const topicId = randomUUID();
    const claimed = await world.claim(taskId, { tickToken: token, topicId });
    expect(await topicOf(claimed)).toBe(topicId);
  });
});

test('neither a tick nor a manual run claims a scheduled task that has a running operation', async () => {
  const { taskId, token, operationId } = await world.running();
  await world.query(`update everbeat.tasks set status = 'scheduled' where id = $1`, [taskId]);
  await world.editScheduler(taskId, { tickToken: token });
  const { revision } = await world.task(taskId);
  expect(await world.claim(taskId, { tickToken: token })).toBeNull();
  expect(await world.claim(taskId, { revision })).toBeNull();
  expect(await world.statusOf(operationId)).toBe('running');
});

test('a claim removes the token and leaves other keys of the context unchanged', async () => {
  const { taskId, token } = await world.armed();
  await world.query(`update everbeat.tasks set context = context || '{"note":1}' where id = $1`, [taskId]);
  await world.claim(taskId, { tickToken: token });
  expect((await world.task(taskId)).scheduler).toMatchObject({ tickToken: null, tickMessageId: null });
  const [row] = await world.query('select context ->> $2 as note from everbeat.tasks where id = $1', [
    taskId,
    'note',
  ]);
  expect(row).toEqual({ note: '1' });
});

test('a claim does not change a ledger row that already has an outcome', async () => {
  const { taskId, token } = await world.armed();
  await world.query(
    `update everbeat.task_ticks set outcome = 'superseded', reason = 'edited', ended_at = now() where token = $1`,
    [token],
  );
  await world.claim(taskId, { tickToken: token });
  expect(await world.ticks(taskId)).toMatchObject([{ outcome: 'superseded', reason: 'edited' }]);
});

describe('a deferred operation', () => {
  const pool = () => world.testDatabase.database.pool;
  const begin = (operationId: string) =>
    beginExecution(pool(), { operationId, callbackHash: 'y' }, world.clock.now());
  const takeBack = (operationId: string) => takeBackOperation(pool(), operationId, world.clock.now());

  test('begins once', async () => {
    const { operationId } = await world.running();
    expect(await begin(operationId)).toMatchObject({ operationId });
    expect(await begin(operationId)).toBeNull();
  });

  test('does not begin after it has ended', async () => {
    const { operationId } = await world.running();
    await world.endByHand(operationId);
    expect(await begin(operationId)).toBeNull();
  });

  test('is taken back once, and then does not begin', async () => {
    const { operationId } = await world.running();
    expect(await takeBack(operationId)).toBe(true);
    expect(await takeBack(operationId)).toBe(false);
    expect(await begin(operationId)).toBeNull();
  });

  test('is not taken back after it has begun', async () => {
    const { operationId } = await world.running();
    await begin(operationId);
    expect(await takeBack(operationId)).toBe(false);
  });

  test('is not taken back after it has ended', async () => {
    const { operationId } = await world.running();
    await world.endByHand(operationId);
    expect(await takeBack(operationId)).toBe(false);
  });

  test('gets no agent that belongs to another user, and neither does a direct run', async () => {
    const agentId = randomUUID();
    await world.createUser(`eve-${agentId}`);
    await world.query(
      `insert into everbeat.agents (id, user_id, name, kind, config) values ($1, $2, 'Her agent', 'http', '{}')`,
      [agentId, `eve-${agentId}`],
    );
    const { taskId, token } = await world.armed();
    await world.query('update everbeat.tasks set agent_id = $2 where id = $1', [taskId, agentId]);
    const { result, finished } = await world.runner.runTick({
      taskId,
      userId: world.userId,
      tickToken: token,
    });
    await finished;
    expect(result).toMatchObject({ ran: true });
    const [row] = await world.query('select error_code from everbeat.operations where task_id = $1', [
      taskId,
    ]);
    expect(row).toEqual({ error_code: 'agent_missing' });

    const deferred = await world.armed();
    const operationId = await world.claim(deferred.taskId, { tickToken: deferred.token });
    await world.query('update everbeat.tasks set agent_id = $2 where id = $1', [deferred.taskId, agentId]);
    expect(await begin(operationId ?? '')).toMatchObject({ agent: null });
    expect(await findOperationAgent(pool(), { id: operationId ?? '', userId: world.userId })).toBeNull();
  });
});
