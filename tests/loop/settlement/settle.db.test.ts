import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../../support/world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('settling', () => {
  test('happens once: a second completion changes nothing, and one from another user is not found', async () => {
    const id = await world.startTask();
    await world.beat(id);
    const before = await world.task(id);
    const [operation] = await world.query<{ id: string; topic_id: string }>(
      'select id, topic_id from everbeat.operations where task_id = $1',
      [id],
    );
    const completion = {
      operationId: operation?.id ?? '',
      topicId: operation?.topic_id ?? '',
      taskId: id,
      userId: world.userId,
      status: 'error',
      errorCode: null,
      errorMessage: null,
      report: null,
      usage: null,
      transcript: [],
    } as const;
    expect(await world.lifecycle.settle({ ...completion, transcript: [] })).toEqual({
      settled: false,
      reason: 'already-settled',
    });
    expect(await world.lifecycle.settle({ ...completion, transcript: [], userId: 'eve' })).toEqual({
      settled: false,
      reason: 'not-found',
    });
    expect(await world.task(id)).toEqual(before);
  });

  test('adds up what the runs of a topic report to have used', async () => {
    const taskId = await world.startTask();
    const report = { kind: 'done', content: 'Counted' } as const;
    const usageOf = async () => (await world.reads.taskDetail(world.userId, taskId)).topics[0];
    world.agent.next({ ...report, usage: { inputTokens: 1_000, costUsd: 0.1 } });
    await world.beat(taskId);
    const first = await usageOf();
    expect(first?.usage).toEqual({ inputTokens: 1_000, costUsd: 0.1 });

    const goOn = async () => {
      await world.runner.run(world.userId, { taskId, continueTopicId: first?.id });
      await world.runner.idle();
      return (await usageOf())?.usage;
    };
    world.agent.next({ ...report, usage: { inputTokens: 500, outputTokens: 30, costUsd: 0.2 } });
    const both = { inputTokens: 1_500, outputTokens: 30, costUsd: 0.3 };
    expect(await goOn()).toEqual(both);
    world.agent.next(report);
    expect(await goOn()).toEqual(both);

    world.agent.next(report);
    await world.beat(taskId);
    expect((await usageOf())?.usage).toBeNull();
  });

  test('stores what the agent reports: briefs, comments, subtasks, transcript and memory', async () => {
    const id = await world.startTask();
    world.agent.next({
      kind: 'done',
      content: 'All \u0000well',
      briefs: [{ type: 'insight', priority: 'info', title: 'Seen', summary: 'a ship' }],
      comments: ['a comment'],
      subtasks: [{ instruction: 'look closer' }, { name: 'second', instruction: 'look again' }],
      usage: { inputTokens: 3, costUsd: 0.5 },
      memory: { ships: 1 },
    });
    await world.beat(id);
    const detail = await world.reads.taskDetail(world.userId, id);
    expect(detail.briefs.filter(({ type }) => type === 'insight')).toMatchObject([{ title: 'Seen' }]);
    expect(detail.comments).toMatchObject([{ author: 'agent', content: 'a comment' }]);
    expect(detail.subtasks.map((task) => task.name).sort()).toEqual(['look closer', 'second']);
    const transcript = await world.reads.transcript(world.userId, detail.topics[0]?.id ?? '', {});
    expect(transcript.items.map((message) => message.content)).toEqual(['All well']);
    await world.beat(id);
    expect(world.agent.calls.at(-1)?.memory).toEqual({ ships: 1 });
    await world.expectSound();
  });

  test('stores the final report even if the run emitted more messages than a transcript may hold', async () => {
    const id = await world.startTask();
    world.agent.next(({ emit }) => {
      for (let step = 0; step < 2_100; step += 1) emit({ role: 'tool', content: `step ${step}` });
      return { kind: 'done', content: 'The report' };
    });
    await world.beat(id);
    const [last] = await world.query<{ content: string }>(
      'select m.content from everbeat.messages m join everbeat.topics p on p.id = m.topic_id where p.task_id = $1 order by m.id desc limit 1',
      [id],
    );
    expect(last?.content).toBe('The report');
  });
});

describe('a run that a person ends', () => {
  test.each(['pause', 'cancel', 'interrupt'] as const)(
    '%s: the operation is interrupted, and no failure is counted',
    async (act) => {
      const id = await world.startTask();
      world.agent.hold();
      const { operationId } = await world.runner.run(world.userId, { taskId: id });
      if (act === 'interrupt') await world.lifecycle.interrupt(world.userId, operationId);
      else await world.lifecycle[act](world.userId, id);
      await world.runner.idle();
      world.agent.release();

      const [operation] = await world.query<{ status: string }>(
        'select status from everbeat.operations where id = $1',
        [operationId],
      );
      expect(operation?.status).toBe('interrupted');
      expect(await world.task(id)).toMatchObject({
        status: act === 'cancel' ? 'canceled' : 'paused',
        scheduler: { consecutiveFailures: 0, tickToken: null },
      });
      await world.expectSound();
    },
  );
});

test("the agent's nextRunInSeconds is clamped to config.pacing, and ignored without it", async () => {
  const paced = await world.startTask({ config: { pacing: { minSeconds: 100, maxSeconds: 200 } } });
  const unpaced = await world.startTask();
  const outcome = { kind: 'done', content: 'ok', nextRunInSeconds: 5 } as const;
  world.agent.next(outcome);
  await world.beat(paced);
  world.agent.next(outcome);
  await world.beat(unpaced);
  const dueIn = async (id: string) =>
    Date.parse((await world.task(id)).scheduler.dueAt ?? '') - world.clock.now().getTime();
  expect(await dueIn(paced)).toBe(100_000);
  expect(await dueIn(unpaced)).toBe(60_000);
});
