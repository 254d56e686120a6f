import type { AgentOutcome } from '@everbeat/agents';
import type { TaskCreateInput } from '@everbeat/domain';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const FAILURE = {
  kind: 'error',
  errorCode: 'agent_http_500',
  errorMessage: 'It broke',
} as const satisfies AgentOutcome;

async function started(input: Partial<TaskCreateInput> = {}): Promise<string> {
  const { id } = await world.createTask(input);
  await world.lifecycle.start(world.userId, id);
  return id;
}

async function runNow(taskId: string): Promise<void> {
  await world.runner.run(world.userId, { taskId });
  await world.runner.idle();
}

describe('the fuse', () => {
  test('three failing runs in a row pause the task; the ticks after the first and the second really run', async () => {
    const id = await started();
    for (const failures of [1, 2]) {
      world.agent.next(FAILURE);
      expect(await world.beat(id)).toMatchObject({ ran: true });
      expect(await world.task(id)).toMatchObject({
        status: 'scheduled',
        scheduler: { consecutiveFailures: failures },
      });
      await world.expectSound();
    }
    world.agent.next(FAILURE);
    expect(await world.beat(id)).toMatchObject({ ran: true });

    expect(await world.task(id)).toMatchObject({
      status: 'paused',
      error: 'It broke',
      scheduler: { consecutiveFailures: 3, blockedBy: 'fuse', tickToken: null },
    });
    const briefs = await world.briefs(id);
    expect(briefs).toMatchObject([
      { type: 'error', priority: 'urgent', occurrences: 3, resolvedAction: null },
    ]);
    expect(await world.ticks(id)).toMatchObject([
      { outcome: 'fired' },
      { outcome: 'fired' },
      { outcome: 'fired' },
    ]);
    await world.expectSound();
  });

  test('a success in between empties the count and resolves the error brief as recovered', async () => {
    const id = await started();
    world.agent.next(FAILURE);
    await world.beat(id);
    await world.beat(id);
    expect(await world.task(id)).toMatchObject({
      status: 'scheduled',
      error: null,
      scheduler: { consecutiveFailures: 0 },
    });
    expect(await world.briefs(id)).toMatchObject([{ type: 'error', resolvedAction: 'recovered' }]);
  });

  test('retry on the brief brings the task back, for now, with an empty count', async () => {
    const id = await started();
    world.agent.next(FAILURE);
    world.agent.next(FAILURE);
    world.agent.next(FAILURE);
    for (let run = 0; run < 3; run += 1) await world.beat(id);
    const [brief] = await world.briefs(id);

    await world.lifecycle.resolveBrief(world.userId, { id: brief?.id ?? '', action: 'retry' });

    expect(await world.task(id)).toMatchObject({
      status: 'scheduled',
      scheduler: { consecutiveFailures: 0, blockedBy: null, dueAt: world.clock.now().toISOString() },
    });
    expect(await world.beat(id)).toMatchObject({ ran: true });
    await world.expectSound();
  });

  test('a timeout counts like an error', async () => {
    const id = await started({ heartbeatTimeout: 30 });
    world.agent.hold();
    const tick = {
      taskId: id,
      userId: world.userId,
      tickToken: (await world.task(id)).scheduler.tickToken ?? '',
    };
    const { finished } = await world.runner.runTick(tick);
    await world.query(`update operations set lease_expires_at = $2 where task_id = $1`, [
      id,
      new Date(world.clock.now().getTime() - 1).toISOString(),
    ]);

    expect(await world.watchdog.sweep()).toMatchObject({ stuck: 1 });

    world.agent.release();
    await finished;
    expect(await world.task(id)).toMatchObject({
      status: 'scheduled',
      scheduler: { consecutiveFailures: 1 },
    });
    await world.expectSound();
  });
});

describe('a manual run of an automation task', () => {
  test('that fails says nothing of its health: the count and the slot stay', async () => {
    const id = await started({ heartbeatInterval: 600 });
    await world.beat(id);
    const { dueAt } = (await world.task(id)).scheduler;
    world.agent.next(FAILURE);

    await runNow(id);

    expect(await world.task(id)).toMatchObject({
      status: 'scheduled',
      scheduler: { consecutiveFailures: 0, dueAt },
    });
    expect(await world.ticks(id)).toMatchObject([
      { outcome: 'fired' },
      { outcome: 'superseded', reason: 'manual-run' },
      { outcome: null },
    ]);
    await world.expectSound();
  });

  test('that succeeds replaces the arm by the next one', async () => {
    const id = await started({ heartbeatInterval: 600 });
    await world.beat(id);
    await world.clock.advance(100_000);
    await runNow(id);
    const expected = new Date(world.clock.now().getTime() + 600_000).toISOString();
    expect((await world.task(id)).scheduler.dueAt).toBe(expected);
    await world.expectSound();
  });

  test('of a cron task leaves the next cron time', async () => {
    const id = await started({
      automationMode: 'schedule',
      heartbeatInterval: null,
      schedulePattern: '0 9 * * *',
    });
    const { dueAt } = (await world.task(id)).scheduler;
    await runNow(id);
    expect((await world.task(id)).scheduler.dueAt).toBe(dueAt);
    await world.expectSound();
  });

  test.each(['backlog', 'paused', 'canceled'] as const)(
    'that rests in %s starts its loop',
    async (status) => {
      const { id } = await world.createTask();
      if (status === 'paused') await world.lifecycle.pause(world.userId, id);
      if (status === 'canceled') await world.lifecycle.cancel(world.userId, id);
      await runNow(id);
      expect(await world.task(id)).toMatchObject({
        status: 'scheduled',
        scheduler: { tickToken: expect.any(String) },
      });
      await world.expectSound();
    },
  );

  test('while one is in flight is a conflict', async () => {
    const id = await started();
    world.agent.hold();
    await world.runner.run(world.userId, { taskId: id });
    await expect(world.runner.run(world.userId, { taskId: id })).rejects.toMatchObject({
      code: 'run-in-flight',
    });
    world.agent.release();
    await world.runner.idle();
    await world.expectSound();
  });
});

describe('a task without automation', () => {
  test('that is done pauses and asks for approval; approving completes it', async () => {
    const { id } = await world.createTask({ automationMode: null, heartbeatInterval: null });
    world.agent.next({ kind: 'done', content: 'The report', title: 'Report' });
    await runNow(id);
    expect((await world.task(id)).status).toBe('paused');
    const [brief] = await world.briefs(id);
    expect(brief).toMatchObject({ type: 'result', title: 'Report' });
    await world.lifecycle.resolveBrief(world.userId, { id: brief?.id ?? '', action: 'approve' });
    expect((await world.task(id)).status).toBe('completed');
    await world.expectSound();
  });

  test('that fails pauses with the error', async () => {
    const { id } = await world.createTask({ automationMode: null, heartbeatInterval: null });
    world.agent.next(FAILURE);
    await runNow(id);
    expect(await world.task(id)).toMatchObject({ status: 'paused', error: 'It broke' });
    expect(await world.briefs(id)).toMatchObject([{ type: 'error', priority: 'urgent' }]);
    await world.expectSound();
  });

  test('as a subtask completes and unlocks what waits for it, and only once all it waits for is complete', async () => {
    const parent = await world.createTask({ automationMode: null, heartbeatInterval: null });
    const oneOff = { automationMode: null, heartbeatInterval: null, parentTaskId: parent.id } as const;
    const first = await world.createTask(oneOff);
    const second = await world.createTask(oneOff);
    const last = await world.createTask(oneOff);
    await world.tasks.addDependency(world.userId, last.id, first.id);
    await world.tasks.addDependency(world.userId, last.id, second.id);

    await runNow(first.id);
    expect((await world.task(first.id)).status).toBe('completed');
    expect((await world.task(last.id)).status).toBe('backlog');
    await runNow(second.id);

    expect(await world.task(last.id)).toMatchObject({
      status: 'scheduled',
      scheduler: { trigger: 'dependency' },
    });
    await world.beat(last.id);
    expect((await world.task(last.id)).status).toBe('completed');
    await world.expectSound();
  });

  test('unlocks even when the two tasks it waits for complete at the same moment', async () => {
    const parent = await world.createTask({ automationMode: null, heartbeatInterval: null });
    const oneOff = { automationMode: null, heartbeatInterval: null, parentTaskId: parent.id } as const;
    for (let round = 0; round < 10; round += 1) {
      const [first, second, last] = await Promise.all([1, 2, 3].map(() => world.createTask(oneOff)));
      if (first === undefined || second === undefined || last === undefined) throw new Error('unreachable');
      await world.tasks.addDependency(world.userId, last.id, first.id);
      await world.tasks.addDependency(world.userId, last.id, second.id);
      await Promise.all([first, second].map((task) => world.runner.run(world.userId, { taskId: task.id })));
      await world.runner.idle();
      expect((await world.task(last.id)).status).toBe('scheduled');
    }
    await world.expectSound();
  });
});

describe('interruption', () => {
  test.each(['pause', 'cancel', 'interrupt'] as const)(
    '%s ends the run in flight and counts no failure',
    async (act) => {
      const id = await started();
      world.agent.hold();
      const { operationId } = await world.runner.run(world.userId, { taskId: id });
      if (act === 'interrupt') await world.lifecycle.interrupt(world.userId, operationId);
      else await world.lifecycle[act](world.userId, id);
      await world.runner.idle();
      world.agent.release();

      const [operation] = await world.query<{ status: string }>(
        'select status from operations where id = $1',
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

describe('how a loop ends by itself', () => {
  test.each([
    ['the agent says that the goal is met', {}, { kind: 'done', content: 'ok', goalMet: true }, 'goal-met'],
    ['its topics are used up', { maxTopics: 1 }, { kind: 'done', content: 'ok' }, 'max-topics'],
    [
      'the next run would be past its end',
      { config: { endAt: '2026-01-01T00:00:01Z' } },
      { kind: 'done', content: 'ok' },
      'end-date',
    ],
  ] as const)('%s', async (_name, input, outcome, reason) => {
    const id = await started(input);
    world.agent.next(outcome);
    await world.beat(id);
    expect((await world.task(id)).status).toBe('completed');
    const [activity] = await world.query<{ reason: string }>(
      `select reason from task_activities where task_id = $1 and to_status = 'completed'`,
      [id],
    );
    expect(activity?.reason).toBe(reason);
    await world.expectSound();
  });

  test("the agent's own next wake-up is clamped to what the task allows, and ignored where it allows none", async () => {
    const paced = await started({ config: { pacing: { minSeconds: 100, maxSeconds: 200 } } });
    const unpaced = await started();
    const wish = { kind: 'done', content: 'ok', nextRunInSeconds: 5 } as const;
    world.agent.next(wish);
    await world.beat(paced);
    world.agent.next(wish);
    await world.beat(unpaced);
    const dueIn = async (id: string) =>
      Date.parse((await world.task(id)).scheduler.dueAt ?? '') - world.clock.now().getTime();
    expect(await dueIn(paced)).toBe(100_000);
    expect(await dueIn(unpaced)).toBe(60_000);
  });
});

test('a loop whose rule has become unreadable during a run fails, and the person is told', async () => {
  const id = await started();
  world.agent.next(async () => {
    await world.query(
      `update tasks set automation_mode = 'schedule', schedule_pattern = 'nonsense', revision = revision + 1 where id = $1`,
      [id],
    );
    return FAILURE;
  });
  await world.beat(id);
  expect(await world.task(id)).toMatchObject({ status: 'failed', scheduler: { tickToken: null } });
  expect(await world.briefs(id)).toMatchObject([
    { type: 'error', title: expect.stringContaining('cannot be scheduled') },
  ]);
  await world.expectSound();
});

describe('settling', () => {
  test('happens once: a second and a late completion change nothing', async () => {
    const id = await started();
    await world.beat(id);
    const before = await world.task(id);
    const [operation] = await world.query<{ id: string; topic_id: string }>(
      'select id, topic_id from operations where task_id = $1',
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

  test('keeps what the agent reports: briefs, comments, subtasks, transcript, usage, memory', async () => {
    const id = await started();
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
    expect(detail.briefs).toMatchObject([{ title: 'Seen', type: 'insight' }]);
    expect(detail.comments).toMatchObject([{ author: 'agent', content: 'a comment' }]);
    expect(detail.subtasks.map((task) => task.name).sort()).toEqual(['look closer', 'second']);
    const transcript = await world.reads.transcript(world.userId, detail.topics[0]?.id ?? '', {});
    expect(transcript.items.map((message) => message.content)).toEqual(['All well']);
    await world.beat(id);
    expect(world.agent.calls.at(-1)?.memory).toEqual({ ships: 1 });
    await world.expectSound();
  });

  test('keeps the report of a run that showed more steps than are kept', async () => {
    const id = await started();
    world.agent.next(({ emit }) => {
      for (let step = 0; step < 2_100; step += 1) emit({ role: 'tool', content: `step ${step}` });
      return { kind: 'done', content: 'The report' };
    });
    await world.beat(id);
    const [last] = await world.query<{ content: string }>(
      'select m.content from messages m join topics p on p.id = m.topic_id where p.task_id = $1 order by m.id desc limit 1',
      [id],
    );
    expect(last?.content).toBe('The report');
  });
});
