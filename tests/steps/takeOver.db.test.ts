import { takeOverOperation } from '@everbeat/database';
import { LIMITS } from '@everbeat/domain';
import { describe, expect, test } from 'vitest';
import { systemIds } from '@/server/runtime/adapters';
import { stepsWorldPerTest } from './stepsWorld';

const world = stepsWorldPerTest();

const brief = { type: 'insight', priority: 'normal', title: 'Seen', summary: 'A ship' };
const tells = { text: 'I tell them.', toolCalls: [{ name: 'create_brief', arguments: brief }] };

const shapes = async (operationId: string): Promise<string[]> =>
  (await world().steps(operationId)).map(
    ({ index, kind, name, status }) => `${index} ${kind} ${name} ${status}`,
  );

describe('a run of a model', () => {
  test('records each step, under a key of its own', async () => {
    const taskId = await world().startModelTask();
    const token = (await world().task(taskId)).scheduler.tickToken;
    world().chat.next(tells, { text: 'All quiet' });
    await world().beat(taskId);

    const [operation] = await world().operations(taskId);
    expect(operation).toMatchObject({ status: 'done', losses: 0 });
    expect(await shapes(operation?.id ?? '')).toEqual([
      '0 model openai-compatible/fake-model done',
      '1 tool create_brief done',
      '2 model openai-compatible/fake-model done',
    ]);
    expect((await world().steps(operation?.id ?? '')).map(({ occurrence }) => occurrence)).toEqual(
      [0, 1, 2].map((index) => `${token}:${index}`),
    );
    expect(await world().briefs(taskId)).toMatchObject([{ title: 'Seen' }]);
  });
});

describe('a run whose process gives no sign of life', () => {
  test('goes on from its last step in another process, and the first one has no say in it any more', async () => {
    const taskId = await world().startModelTask();
    const operationId = await beginUntilSecondCall(taskId);
    const other = await world().secondProcess();
    await world().loseLease(operationId);

    expect(await other.watchdog.sweep()).toMatchObject({ stuck: 1 });
    const { body } = await world().chat.requested(3);
    world().chat.release();
    await Promise.all([world().runner.idle(), other.runner.idle()]);

    expect(JSON.stringify(body)).toContain('I tell them.');
    expect(await world().operations(taskId)).toEqual([
      { id: operationId, status: 'done', error_code: null, failure_class: null, losses: 1 },
    ]);
    expect(await shapes(operationId)).toEqual([
      '0 model openai-compatible/fake-model done',
      '1 tool create_brief done',
      '2 model openai-compatible/fake-model done',
    ]);
    expect(await world().briefs(taskId)).toMatchObject([{ title: 'Seen', occurrences: 1 }]);
    expect(world().chat.requests).toHaveLength(3);
    expect((await world().task(taskId)).scheduler.consecutiveFailures).toBe(0);
  });

  test('asks the model with the conversation as it was', async () => {
    const taskId = await world().startModelTask();
    const operationId = await beginUntilSecondCall(taskId);
    const other = await world().secondProcess();
    await world().loseLease(operationId);
    await world().query(`update everbeat.tasks set instruction = 'Something else' where id = $1`, [taskId]);

    await other.watchdog.sweep();
    const [before, after] = [await world().chat.requested(2), await world().chat.requested(3)];
    world().chat.release();
    await Promise.all([world().runner.idle(), other.runner.idle()]);

    expect(after.body.messages).toEqual(before.body.messages);
  });

  test('is taken by one process only, and only while its lease is over', async () => {
    const taskId = await world().startModelTask();
    const operationId = await beginUntilSecondCall(taskId);
    const other = await world().secondProcess();
    expect(await other.watchdog.sweep()).toMatchObject({ stuck: 0 });
    await world().loseLease(operationId);

    const [one, two] = await Promise.all([world().watchdog.sweep(), other.watchdog.sweep()]);
    world().chat.release();
    await Promise.all([world().runner.idle(), other.runner.idle()]);

    expect(one.stuck + two.stuck).toBe(1);
    expect(world().chat.requests).toHaveLength(3);
  });

  test('is not gone on with by its first process as well, whose next step is refused', async () => {
    const taskId = await world().startModelTask();
    world().chat.next(tells, { ...tells, held: true });
    world().chat.default({ text: 'All quiet' });
    const operationId = await world().begin(taskId);
    await world().chat.requested(2);
    const other = await world().secondProcess();
    await world().loseLease(operationId);
    await other.watchdog.sweep();
    await world().chat.requested(3);

    world().chat.release();
    await Promise.all([world().runner.idle(), other.runner.idle()]);

    expect(world().chat.requests).toHaveLength(3);
    expect(await world().operations(taskId)).toMatchObject([{ status: 'done' }]);
  });

  test('is not ended by what its first process reports late', async () => {
    const taskId = await world().startModelTask();
    const operationId = await beginUntilSecondCall(taskId);
    const other = await world().secondProcess();
    await world().loseLease(operationId);
    await other.watchdog.sweep();
    await world().chat.requested(3);

    const topicId = await topicOf(operationId);
    const late = { operationId, taskId, userId: world().userId, topicId, leaseEpoch: 0 };
    const failure = { status: 'error', errorCode: 'agent_failed', errorMessage: 'It broke' } as const;
    const nothing = { report: null, usage: null, transcript: [] };
    expect(await world().lifecycle.settle({ ...late, ...failure, ...nothing })).toMatchObject({
      settled: false,
    });
    expect(await world().operations(taskId)).toMatchObject([{ status: 'running' }]);

    world().chat.release();
    await Promise.all([world().runner.idle(), other.runner.idle()]);
    expect(await world().operations(taskId)).toMatchObject([{ status: 'done' }]);
  });

  test('is not left to a person by a question that its first process asks late', async () => {
    const taskId = await world().startModelTask();
    const operationId = await beginUntilSecondCall(taskId);
    const other = await world().secondProcess();
    await world().loseLease(operationId);
    await other.watchdog.sweep();
    await world().chat.requested(3);

    const former = { operationId, taskId, userId: world().userId, leaseEpoch: 0 };
    const question = { index: 1, title: 'May I send it?', summary: 'A mail', actions: [] };
    const topicId = await topicOf(operationId);
    await world().lifecycle.park({ ...former, topicId, briefId: systemIds.row(), question });
    expect(await world().operations(taskId)).toMatchObject([{ status: 'running' }]);
    expect(await world().briefs(taskId)).toEqual([]);

    world().chat.release();
    await Promise.all([world().runner.idle(), other.runner.idle()]);
    expect(await world().operations(taskId)).toMatchObject([{ status: 'done' }]);
  });

  test('ends as its own failure when its process was lost so often that it may be what ends it', async () => {
    const taskId = await world().startModelTask();
    world().chat.hold();
    const operationId = await world().begin(taskId);
    await world().chat.requested(1);
    for (let loss = 1; loss < LIMITS.lostRunsMax; loss += 1) {
      await world().loseLease(operationId);
      await world().watchdog.sweep();
      await world().chat.requested(loss + 1);
      expect(await world().operations(taskId)).toMatchObject([{ status: 'running', losses: loss }]);
    }
    await world().loseLease(operationId);
    await world().watchdog.sweep();

    expect(await world().operations(taskId)).toMatchObject([
      { status: 'timeout', error_code: 'lease_lost', failure_class: 'agent' },
    ]);
    const { scheduler } = await world().task(taskId);
    expect([scheduler.consecutiveFailures, scheduler.retry]).toEqual([1, undefined]);
  });
});

test('a run whose process ended between its last step and its settlement has its report once', async () => {
  const taskId = await world().startModelTask();
  world().chat.next({ text: 'All quiet', held: true });
  const operationId = await world().begin(taskId);
  await world().chat.requested(1);
  const result = { content: [{ type: 'text', text: 'All quiet' }], finishReason: 'stop', problems: {} };
  await world().query(
    `update everbeat.operation_steps set status = 'done', ended_at = $2, result = $3 where operation_id = $1`,
    [operationId, world().clock.now(), JSON.stringify(result)],
  );
  await world().query(
    `insert into everbeat.messages (id, topic_id, user_id, operation_id, role, content, created_at)
     select uuidv7(), topic_id, user_id, id, 'assistant', 'All quiet', $2 from everbeat.operations where id = $1`,
    [operationId, world().clock.now()],
  );
  const other = await world().secondProcess();
  await world().loseLease(operationId);
  await other.watchdog.sweep();
  await other.runner.idle();

  expect(await world().operations(taskId)).toMatchObject([{ status: 'done' }]);
  const reports = () =>
    world().query(`select content from everbeat.messages where operation_id = $1 and role = 'assistant'`, [
      operationId,
    ]);
  expect(await reports()).toEqual([{ content: 'All quiet' }]);
  world().chat.release();
  await world().runner.idle();
  expect([world().chat.requests.length, await reports()]).toEqual([1, [{ content: 'All quiet' }]]);
});

describe('a server that is stopped', () => {
  test('hands its run over, and the next one goes on with it as soon as it starts', async () => {
    const taskId = await world().startModelTask();
    const operationId = await beginUntilSecondCall(taskId);

    const stopped = world().runner.stop();
    await world().clock.advance(1_000);
    await stopped;
    expect(await world().operations(taskId)).toMatchObject([{ status: 'running' }]);

    const next = await world().secondProcess();
    await world().clock.advance(1);
    await next.watchdog.sweep();
    await world().chat.requested(3);
    world().chat.release();
    await next.runner.idle();

    expect(await world().operations(taskId)).toMatchObject([{ id: operationId, status: 'done', losses: 0 }]);
    expect(await world().briefs(taskId)).toMatchObject([{ title: 'Seen', occurrences: 1 }]);
    expect((await world().task(taskId)).scheduler.consecutiveFailures).toBe(0);
  });
});

describe('a server that is stopped when it has just taken a run over', () => {
  test('gives it back with the steps that it had', async () => {
    const taskId = await world().startModelTask();
    const operationId = await beginUntilSecondCall(taskId);
    const stopped = await world().secondProcess();
    const lost = { operationId, leaseEpoch: 0, leaseExpiresAt: await world().loseLease(operationId) };
    await takeOverOperation(world().testDatabase.database.pool, lost, world().clock.now());

    await Promise.all([stopped.runner.executeDeferred(operationId), stopped.runner.stop()]);
    expect(world().chat.requests).toHaveLength(2);
    expect(await world().operations(taskId)).toMatchObject([{ status: 'running' }]);

    const next = await world().secondProcess();
    await world().clock.advance(1);
    await next.watchdog.sweep();
    expect(JSON.stringify((await world().chat.requested(3)).body)).toContain('I tell them.');
    world().chat.release();
    await Promise.all([world().runner.idle(), next.runner.idle()]);
    expect(await world().operations(taskId)).toMatchObject([{ id: operationId, status: 'done' }]);
    expect(await world().briefs(taskId)).toMatchObject([{ title: 'Seen', occurrences: 1 }]);
  });
});

describe('a further attempt at a run whose provider was away', () => {
  test('goes on from the steps of the first', async () => {
    const taskId = await world().startModelTask();
    const away = { errorStatus: 503 };
    world().chat.next(tells, away, away, away, { text: 'All quiet' });
    await world().beat(taskId);
    expect((await world().task(taskId)).scheduler.retry).toMatchObject({ attempt: 2 });
    await world().beat(taskId);

    const [first, second] = await world().operations(taskId);
    expect([first?.status, second?.status]).toEqual(['error', 'done']);
    expect(await shapes(first?.id ?? '')).toEqual([
      '0 model openai-compatible/fake-model done',
      '1 tool create_brief done',
      '2 model openai-compatible/fake-model failed',
    ]);
    expect(await shapes(second?.id ?? '')).toEqual(['2 model openai-compatible/fake-model done']);
    expect(await world().briefs(taskId)).toMatchObject([{ title: 'Seen', occurrences: 1 }]);
  });
});

/** The first call is answered, the second one is held. */
async function beginUntilSecondCall(taskId: string): Promise<string> {
  world().chat.next(tells, { held: true });
  world().chat.default({ text: 'All quiet' });
  const operationId = await world().begin(taskId);
  await world().chat.requested(2);
  return operationId;
}

async function topicOf(operationId: string): Promise<string> {
  const [row] = await world().query<{ topic_id: string }>(
    'select topic_id from everbeat.operations where id = $1',
    [operationId],
  );
  return row?.topic_id ?? '';
}
