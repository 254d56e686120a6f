import { WEBHOOK_PATHS } from '@everbeat/scheduler';
import { describe, expect, test } from 'vitest';
import { type Container, createContainer } from '@/server/container/container';
import { queueWorldPerTest } from '../support/queueWorld';

const world = queueWorldPerTest();
const EXECUTE = WEBHOOK_PATHS.agentExecute;

const runNow = (taskId: string) => world().runner.run(world().userId, { taskId });
const operations = (taskId: string) =>
  world().query<{ id: string; status: string; error_code: string | null }>(
    'select id, status, error_code from everbeat.operations where task_id = $1 order by started_at, id',
    [taskId],
  );

describe('task.run in queue mode', () => {
  test('claims and returns the ids immediately; the agent works in the request that QStash delivers', async () => {
    const { id, identifier } = await world().createTask();

    const ids = await runNow(id);

    expect(ids).toMatchObject({ taskId: id, taskIdentifier: identifier });
    expect((await world().task(id)).status).toBe('running');
    expect(world().agent.calls).toEqual([]);
    const [message] = world().published(EXECUTE);
    expect(JSON.parse(message?.body.toString() ?? '')).toEqual({ operationId: ids.operationId });

    await world().elapse(0);

    expect(world().agent.calls).toMatchObject([{ operationId: ids.operationId, topicId: ids.topicId }]);
    expect(world().delivered(EXECUTE)).toMatchObject([{ status: 200, answer: { started: true } }]);
    expect(await operations(id)).toMatchObject([{ id: ids.operationId, status: 'done' }]);
    expect((await world().task(id)).status).toBe('scheduled');
  });

  test('runs once, even if its message is delivered twice at the same time and once more later', async () => {
    const { id } = await world().createTask();
    const { operationId } = await runNow(id);
    world().qstash.faults.double();

    await world().elapse(0);

    const answers = world()
      .delivered(EXECUTE)
      .map(({ answer }) => answer);
    expect(answers).toHaveLength(2);
    expect(answers).toEqual(expect.arrayContaining([{ started: true }, { started: false }]));
    expect((await world().call(EXECUTE, { operationId })).answer).toEqual({ started: false });
    expect(world().agent.calls).toHaveLength(1);
  });

  test('passes on the extra prompt and the topic to continue', async () => {
    const { id } = await world().createTask();
    const { topicId } = await runNow(id);
    await world().elapse(0);
    world().agent.next(async (request) => ({ kind: 'done', content: await request.prompt() }));

    await world().runner.run(world().userId, {
      taskId: id,
      prompt: 'Count the masts',
      continueTopicId: topicId,
    });
    await world().elapse(0);

    const transcript = await world().reads.transcript(world().userId, topicId, {});
    expect(transcript.items.map(({ content }) => content).join()).toContain('Count the masts');
    expect((await world().task(id)).totalTopics).toBe(1);
  });

  test('whose message is lost times out when its lease is over, and the loop goes on', async () => {
    const { id } = await world().createTask({ heartbeatTimeout: 120 });
    await runNow(id);
    world().qstash.faults.drop();
    await world().registerWatchdog();

    await world().elapse(180);
    expect(await operations(id)).toMatchObject([{ status: 'timeout', error_code: 'lease_lost' }]);
    await world().elapse(60);
    expect(await operations(id)).toMatchObject([{ status: 'timeout' }, { status: 'done' }]);
  });
});

describe('a manual run that QStash does not acknowledge', () => {
  test('fails, and leaves the task as it was: scheduled and armed for the same time', async () => {
    const id = await world().startTask({ heartbeatInterval: 600 });
    await world().elapse(0);
    const { dueAt } = (await world().task(id)).scheduler;
    world().qstash.faults.refusePublish();

    await expect(runNow(id)).rejects.toMatchObject({ code: 'dispatch-failed' });

    const { status, scheduler } = await world().task(id);
    expect({ status, dueAt: scheduler.dueAt }).toEqual({ status: 'scheduled', dueAt });
    expect(world().qstash.messages()).toMatchObject([
      { messageId: scheduler.tickMessageId, deduplicationId: `${scheduler.tickToken}-1` },
    ]);
    expect(await operations(id)).toMatchObject([
      { status: 'done' },
      { status: 'error', error_code: 'start_failed' },
    ]);
    await world().elapse(600);
    expect(world().agent.calls).toHaveLength(2);
  });

  test.each(['backlog', 'paused', 'canceled'] as const)(
    'returns its task to %s, where it was',
    async (status) => {
      const { id } = await world().createTask();
      if (status === 'paused') await world().lifecycle.pause(world().userId, id);
      if (status === 'canceled') await world().lifecycle.cancel(world().userId, id);
      world().qstash.faults.refusePublish();

      await expect(runNow(id)).rejects.toMatchObject({ code: 'dispatch-failed' });

      expect(await world().task(id)).toMatchObject({ status, scheduler: { tickToken: null } });
      expect(await world().briefs(id)).toEqual([]);
    },
  );

  test('goes on if it has begun all the same: only the acknowledgement was lost', async () => {
    const { id } = await world().createTask();
    const { env, database, clock, ids, logger, runtimes, scheduler } = world();
    const process: Container = createContainer({
      env,
      database,
      clock,
      ids,
      logger,
      runtimes,
      scheduler,
      runQueue: {
        async execute({ operationId }) {
          await process.runner.executeDeferred(operationId);
          throw new Error('The answer was lost');
        },
        complete: async () => undefined,
        deliver: async () => undefined,
      },
    });

    const { operationId } = await process.runner.run(world().userId, { taskId: id });
    await process.runner.idle();

    expect(await operations(id)).toMatchObject([{ id: operationId, status: 'done' }]);
    expect((await world().task(id)).status).toBe('scheduled');
  });

  test('is rolled back only by the caller that claimed it, not by a second caller that was refused', async () => {
    const id = await world().startTask();
    const first = await runNow(id);

    await expect(runNow(id)).rejects.toMatchObject({ code: 'run-in-flight' });

    expect((await world().task(id)).status).toBe('running');
    expect(await operations(id)).toMatchObject([{ id: first.operationId, status: 'running' }]);
    await world().elapse(0);
    expect(await operations(id)).toMatchObject([{ id: first.operationId, status: 'done' }]);
  });

  test('is rolled back; a second one at the same time is refused as in flight, or runs after the roll-back', async () => {
    const { id } = await world().createTask();
    world().qstash.faults.refusePublish();

    const outcomes = await Promise.allSettled([runNow(id), runNow(id)]);

    const codes = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'ran'));
    // The second may read the task before the first is rolled back, or after it.
    const [refused, other] = codes.sort();
    expect(refused).toBe('dispatch-failed');
    expect(['ran', 'run-in-flight']).toContain(other);
    expect((await world().history(id)).slice(0, 3)).toEqual([
      '∅→backlog',
      'backlog→running',
      'running→backlog',
    ]);
    const failed = (await operations(id)).filter(({ status }) => status === 'error');
    expect(failed).toMatchObject([{ error_code: 'start_failed' }]);
  });

  test('but delivers later is rolled back, and the delivery starts nothing', async () => {
    const { id } = await world().createTask();
    world().qstash.faults.refusePublish({ how: 'lose-answer', times: 3 });

    await expect(runNow(id)).rejects.toMatchObject({ code: 'dispatch-failed' });
    await world().elapse(0);

    expect(world().delivered(EXECUTE)).toMatchObject([{ status: 200, answer: { started: false } }]);
    expect(world().agent.calls).toEqual([]);
    expect((await world().task(id)).status).toBe('backlog');
  });
});
