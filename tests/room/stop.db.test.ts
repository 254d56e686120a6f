import type { AgentRequest, AgentRuntime } from '@everbeat/agents';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeDatabaseUnavailable } from '../support/queueWorld';
import { createWorld, type World } from '../support/world';

/** An agent that goes on for ever, whatever its signal says. */
const deafCalls: AgentRequest[] = [];
const deaf: AgentRuntime = {
  kind: 'watch',
  checkConfig: (config) => config,
  problemOf: () => null,
  run(request) {
    deafCalls.push(request);
    return new Promise(() => undefined);
  },
};

let world: World;
beforeEach(async () => {
  deafCalls.length = 0;
  world = await createWorld({ places: 1, runtimes: { watch: deaf } });
});
afterEach(async () => {
  try {
    await world.expectSound();
  } finally {
    await world.close();
  }
});

const operations = (taskId: string) =>
  world.query<{ status: string; error_code: string | null }>(
    'select status, error_code from everbeat.operations where task_id = $1 order by started_at',
    [taskId],
  );

async function tickOf(taskId: string) {
  const { tickToken } = (await world.task(taskId)).scheduler;
  return { taskId, userId: world.userId, tickToken: tickToken ?? '' };
}

/** A task with the agent that does not stop. */
async function startDeafTask(): Promise<string> {
  const agent = await world.agents.create(world.userId, { name: 'Deaf', kind: 'watch', config: {} });
  return world.startTask({ agentId: agent.id });
}

describe('a run that has not called its agent when the server stops', () => {
  test('is rolled back: its arm is as it was, and neither its topic nor a failure counts', async () => {
    const id = await world.startTask({ heartbeatInterval: 600 });
    const { dueAt } = (await world.task(id)).scheduler;
    await world.clock.advance(90_000);
    // The prompt cannot be built: another session holds a table that only prompts need.
    const holder = await world.testDatabase.database.pool.connect();
    await holder.query('begin; lock table everbeat.prompt_parts in access exclusive mode');
    world.agent.default(async (request) => ({ kind: 'done', content: await request.prompt() }));
    const { finished } = await world.runner.runTick(await tickOf(id));
    await expect.poll(() => world.lockWaiters()).toBe(1);

    await world.runner.stop();
    await finished;
    await holder.query('rollback');
    holder.release();

    expect(await world.task(id)).toMatchObject({
      status: 'scheduled',
      totalTopics: 0,
      error: null,
      scheduler: { dueAt, consecutiveFailures: 0, trigger: 'heartbeat' },
    });
    expect(await operations(id)).toEqual([{ status: 'error', error_code: 'start_failed' }]);
    expect(await world.query('select 1 from everbeat.topics where task_id = $1', [id])).toEqual([]);
    expect(await world.briefs(id)).toEqual([]);
    expect(await world.ticks(id)).toMatchObject([{ outcome: 'fired' }, { outcome: null }]);
    expect((await world.history(id)).slice(-2)).toEqual(['scheduled→running', 'running→scheduled']);
  });

  test('is rolled back while it waits for a place, to where a person had started it from', async () => {
    const held = await Promise.all([1, 2, 3, 4, 5].map(() => world.createTask()));
    world.agent.hold();
    for (const { id } of held) await world.runner.run(world.userId, { taskId: id });
    await world.agent.started(5);
    const { id } = await world.createTask();
    await world.runner.run(world.userId, { taskId: id });

    const stopped = world.runner.stop();
    await expect.poll(async () => (await world.task(id)).status).toBe('backlog');
    await world.clock.advance(1_000);
    await stopped;

    expect(await world.task(id)).toMatchObject({ totalTopics: 0, error: null });
    expect(world.agent.calls.map(({ taskId }) => taskId)).not.toContain(id);
  });
});

describe('a run whose agent works when the server stops', () => {
  test('may end within a second, and is settled as usual', async () => {
    const id = await world.startTask();
    world.agent.hold();
    await world.runner.runTick(await tickOf(id));
    await world.agent.started(1);

    const stopped = world.runner.stop();
    world.agent.release();
    await stopped;

    expect(await operations(id)).toEqual([{ status: 'done', error_code: null }]);
  });

  test('is stopped after that, and settled as stopped by the server', async () => {
    const id = await world.startTask();
    world.agent.hold();
    await world.runner.runTick(await tickOf(id));
    const { signal } = await world.agent.started(1);

    const stopped = world.runner.stop();
    await world.clock.advance(999);
    expect(signal.aborted).toBe(false);
    await world.clock.advance(1);
    await stopped;

    expect(await operations(id)).toEqual([{ status: 'error', error_code: 'server_stopped' }]);
    const { status, scheduler } = await world.task(id);
    expect({ status, strikes: scheduler.consecutiveFailures }).toEqual({ status: 'scheduled', strikes: 0 });
    expect(scheduler.dueAt).toBe(world.clock.now().toISOString());
  });

  test('is settled even if its agent does not stop', async () => {
    const id = await startDeafTask();
    await world.runner.runTick(await tickOf(id));
    await expect.poll(() => deafCalls).toHaveLength(1);

    const stopped = world.runner.stop();
    await world.clock.advance(5_000);
    await stopped;

    expect(deafCalls[0]?.signal.aborted).toBe(true);
    expect(await operations(id)).toEqual([{ status: 'error', error_code: 'server_stopped' }]);
  });

  test('is left to the watchdog if the database is away at that moment, and nothing is lost', async () => {
    const id = await startDeafTask();
    await world.runner.runTick(await tickOf(id));
    const bringBack = await makeDatabaseUnavailable(world);

    const stopped = world.runner.stop();
    await world.clock.advance(6_000);
    await stopped;
    // The process would have ended by now; here its last attempt has to have failed.
    await world.runner.idle();
    await bringBack();
    expect(await operations(id)).toEqual([{ status: 'running', error_code: null }]);

    await world.clock.advance(300_000);
    const { watchdog } = await world.secondProcess();
    expect(await watchdog.sweep()).toMatchObject({ stuck: 1 });
    expect((await world.task(id)).status).toBe('scheduled');
  });

  test('stays open if its agent works on elsewhere, and another process takes its report', async () => {
    const id = await world.startTask();
    world.agent.next({ kind: 'accepted', timeoutSeconds: 600 });
    await world.deliver(id);
    const [call] = world.agent.calls;
    await world.runner.stop();
    expect(await operations(id)).toEqual([{ status: 'running', error_code: null }]);

    const { searchParams } = new URL(call?.callbackUrl ?? '');
    const { runner } = await world.secondProcess();
    await runner.completeByCallback(
      { operationId: searchParams.get('operationId') ?? '', secret: searchParams.get('secret') ?? '' },
      { content: 'Three ships' },
    );

    expect(await operations(id)).toEqual([{ status: 'done', error_code: null }]);
  });
});

describe('while the server stops', () => {
  test('a tick is not claimed', async () => {
    const id = await world.startTask();
    const tick = await tickOf(id);
    await world.runner.stop();

    expect((await world.runner.runTick(tick)).result).toMatchObject({ ran: false, reason: 'no-room' });
    expect(await tickOf(id)).toEqual(tick);
  });

  test('a person is told to try again', async () => {
    const { id } = await world.createTask();
    await world.runner.stop();
    await expect(world.runner.run(world.userId, { taskId: id })).rejects.toMatchObject({
      code: 'unavailable',
    });
    expect((await world.task(id)).status).toBe('backlog');
  });
});
