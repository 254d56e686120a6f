import { randomUUID } from 'node:crypto';
import { beginExecution, findAgentConfig, takeBackOperation } from '@everbeat/database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createGuardWorld, type GuardWorld } from '../support/guardWorld';

let world: GuardWorld;
beforeAll(async () => {
  world = await createGuardWorld();
});
afterAll(() => world.close());

describe('a tick claims nothing', () => {
  test.each(['backlog', 'paused', 'completed', 'failed', 'canceled', 'running'])(
    'of a task that is %s, although it has kept its token',
    async (status) => {
      const { taskId, token } = await world.armed();
      await world.query('update tasks set status = $2 where id = $1', [taskId, status]);
      expect(await world.claim(taskId, { tickToken: token })).toBeNull();
    },
  );

  test('of a task that is blocked, although it is armed', async () => {
    const { taskId, token } = await world.armed();
    await world.editScheduler(taskId, { blockedBy: 'urgent-brief' });
    expect(await world.claim(taskId, { tickToken: token })).toBeNull();
  });

  test('of another user', async () => {
    const { taskId, token } = await world.armed();
    expect(await world.claim(taskId, { tickToken: token, userId: 'eve' })).toBeNull();
  });
});

describe('a person claims nothing', () => {
  test('over another revision than the one that was read', async () => {
    const { taskId } = await world.armed();
    const { revision } = await world.task(taskId);
    expect(await world.claim(taskId, { revision: revision - 1 })).toBeNull();
    expect(await world.claim(taskId, { revision })).not.toBeNull();
  });

  test('that says that it runs, although no operation does', async () => {
    const { taskId } = await world.armed();
    await world.query(`update tasks set status = 'running' where id = $1`, [taskId]);
    const { revision } = await world.task(taskId);
    expect(await world.claim(taskId, { revision })).toBeNull();
  });

  test('that is to continue the topic of another task', async () => {
    const { topicId } = await world.running();
    const { taskId } = await world.armed();
    const { revision } = await world.task(taskId);
    expect(await world.claim(taskId, { revision, continueTopicId: topicId })).toBeNull();
  });
});

test('nobody claims a task with a running operation, although it says that it rests', async () => {
  const { taskId, token, operationId } = await world.running();
  await world.query(`update tasks set status = 'scheduled' where id = $1`, [taskId]);
  await world.editScheduler(taskId, { tickToken: token });
  const { revision } = await world.task(taskId);
  expect(await world.claim(taskId, { tickToken: token })).toBeNull();
  expect(await world.claim(taskId, { revision })).toBeNull();
  expect(await world.statusOf(operationId)).toBe('running');
});

test('a claim uses the token up, and leaves the keys of others alone', async () => {
  const { taskId, token } = await world.armed();
  await world.query(`update tasks set context = context || '{"note":1}' where id = $1`, [taskId]);
  await world.claim(taskId, { tickToken: token });
  expect((await world.task(taskId)).scheduler).toMatchObject({ tickToken: null, tickMessageId: null });
  const [row] = await world.query('select context ->> $2 as note from tasks where id = $1', [taskId, 'note']);
  expect(row).toEqual({ note: '1' });
});

test('a claim ends no row of the ledger that has ended', async () => {
  const { taskId, token } = await world.armed();
  await world.query(
    `update task_ticks set outcome = 'superseded', reason = 'edited', ended_at = now() where token = $1`,
    [token],
  );
  await world.claim(taskId, { tickToken: token });
  expect(await world.ticks(taskId)).toMatchObject([{ outcome: 'superseded', reason: 'edited' }]);
});

describe('the execution of a claimed operation', () => {
  const pool = () => world.testDatabase.database.pool;
  const begin = (operationId: string) =>
    beginExecution(pool(), { operationId, callbackHash: 'y' }, world.clock.now());
  const takeBack = (operationId: string) => takeBackOperation(pool(), operationId, world.clock.now());

  test('begins once', async () => {
    const { operationId } = await world.running();
    expect(await begin(operationId)).toMatchObject({ operationId });
    expect(await begin(operationId)).toBeNull();
  });

  test('does not begin once it has ended', async () => {
    const { operationId } = await world.running();
    await world.endByHand(operationId);
    expect(await begin(operationId)).toBeNull();
  });

  test('does not begin once it was taken back, which happens once', async () => {
    const { operationId } = await world.running();
    expect(await takeBack(operationId)).toBe(true);
    expect(await takeBack(operationId)).toBe(false);
    expect(await begin(operationId)).toBeNull();
  });

  test('is not taken back once it has begun', async () => {
    const { operationId } = await world.running();
    await begin(operationId);
    expect(await takeBack(operationId)).toBe(false);
  });

  test('is not taken back once it has ended', async () => {
    const { operationId } = await world.running();
    await world.endByHand(operationId);
    expect(await takeBack(operationId)).toBe(false);
  });

  test("is not given another user's agent", async () => {
    const agentId = randomUUID();
    await world.createUser(`eve-${agentId}`);
    await world.query(
      `insert into agents (id, user_id, name, kind, config) values ($1, $2, 'Hers', 'http', '{}')`,
      [agentId, `eve-${agentId}`],
    );
    const { taskId, token } = await world.armed();
    await world.query('update tasks set agent_id = $2 where id = $1', [taskId, agentId]);
    const { result, finished } = await world.runner.runTick({
      taskId,
      userId: world.userId,
      tickToken: token,
    });
    await finished;
    expect(result).toMatchObject({ ran: true });
    const [row] = await world.query('select error_code from operations where task_id = $1', [taskId]);
    expect(row).toEqual({ error_code: 'agent_missing' });

    const deferred = await world.armed();
    const operationId = await world.claim(deferred.taskId, { tickToken: deferred.token });
    await world.query('update tasks set agent_id = $2 where id = $1', [deferred.taskId, agentId]);
    expect(await begin(operationId ?? '')).toMatchObject({ agent: null });
    expect(await findAgentConfig(pool(), { ...deferred, userId: world.userId })).toBeNull();
  });
});
