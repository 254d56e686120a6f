import { randomUUID } from 'node:crypto';
import { RUN_POOLS } from '@everbeat/domain';
import { createScriptedAgent, type ScriptedAgent } from '@everbeat/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world';

let world: World;
let watch: ScriptedAgent;
beforeEach(async () => {
  watch = createScriptedAgent('watch');
  world = await createWorld({ places: 3, runtimes: { watch } });
});
afterEach(async () => {
  world.agent.release();
  watch.release();
  try {
    await world.scheduler.stop();
    await world.runner.idle();
    await world.expectSound();
  } finally {
    await world.close();
  }
});

const statuses = async (): Promise<Record<string, number>> => {
  const rows = await world.query<{ status: string; count: number }>(
    'select status, count(*)::int from everbeat.tasks group by status',
  );
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
};

/** Starts that many tasks, and stops the clock in the moment in which all are due. */
async function startOverdue(count: number, input: Parameters<World['startTask']>[0] = {}): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) ids.push(await world.startTask(input));
  return ids;
}

async function watchTask(): Promise<string> {
  const agent = await world.agents.create(world.userId, { name: 'Watcher', kind: 'watch', config: {} });
  return world.startTask({ agentId: agent.id });
}

/** Lets the runs that may begin begin, and those that may end end. */
const settle = () => world.clock.advance(5);

/** Lets time pass until the agent has been called that often. */
async function callsReach(count: number, agent = world.agent): Promise<void> {
  await expect
    .poll(
      async () => {
        await settle();
        return agent.calls.length;
      },
      { timeout: 15_000 },
    )
    .toBe(count);
}

describe('ticks that are due while there is no room', () => {
  test('stay armed in the database without an operation, and all run as room comes, never more at once', async () => {
    const ids = await startOverdue(20);
    world.agent.hold();
    await world.scheduler.start();
    await world.agent.started(3);
    await settle();

    expect(await statuses()).toEqual({ running: 3, scheduled: 17 });
    expect(await world.query('select 1 from everbeat.operations')).toHaveLength(3);

    let mostAtOnce = 0;
    world.agent.default(async () => {
      const running = (await statuses()).running ?? 0;
      mostAtOnce = Math.max(mostAtOnce, running);
      return { kind: 'done', content: 'ok' };
    });
    world.agent.release();
    await callsReach(20);
    await world.runner.idle();

    expect(mostAtOnce).toBe(3);
    expect(new Set(world.agent.calls.map(({ taskId }) => taskId))).toEqual(new Set(ids));
    for (const id of ids) expect((await world.task(id)).scheduler.consecutiveFailures).toBe(0);
  });

  test('go in the order of their priority', async () => {
    const held = await startOverdue(3);
    world.agent.hold();
    await world.scheduler.start();
    await world.agent.started(3);
    const priorities = [4, 0, 3, 1, 2];
    const ids = await Promise.all(priorities.map((priority) => world.startTask({ priority })));
    await settle();

    world.agent.release();
    await callsReach(8);

    const order = world.agent.calls.map(({ taskId }) => priorities[ids.indexOf(taskId)]);
    expect(order.slice(0, held.length)).toEqual([undefined, undefined, undefined]);
    expect(order.slice(held.length, held.length + 2)).toEqual([1, 2]);
    expect(order.at(-1)).toBe(4);
  });

  test('do not hold up the ticks of another kind of agent', async () => {
    await startOverdue(10);
    world.agent.hold();
    const taskId = await watchTask();

    await world.scheduler.start();
    const request = await watch.started(1);
    await world.clock.advance(0);

    expect(request.taskId).toBe(taskId);
    expect((await statuses()).running).toBe(3);
  });

  test('find their place when the task has been given an agent of another kind', async () => {
    await startOverdue(3);
    world.agent.hold();
    await world.scheduler.start();
    await world.agent.started(3);
    const moved = await world.startTask();
    await settle();
    const agent = await world.agents.create(world.userId, { name: 'Watcher', kind: 'watch', config: {} });
    await world.tasks.update(world.userId, { id: moved, agentId: agent.id });

    world.agent.release();
    await callsReach(1, watch);

    expect(watch.calls[0]?.taskId).toBe(moved);
  });
});

test('a tick whose agent needs a place that it was not given leaves its task unclaimed', async () => {
  const id = await world.startTask();
  const { tickToken } = (await world.task(id)).scheduler;
  const places = world.room.takeOfEach();
  const [extra] = [world.room.take('http'), world.room.take('http')];

  const { result } = await world.runner.runTick(
    { taskId: id, userId: world.userId, tickToken: tickToken ?? '' },
    { agentKind: 'watch' },
  );

  expect(result).toEqual({ ran: false, reason: 'no-room', agentKind: 'http' });
  expect(await world.task(id)).toMatchObject({ status: 'scheduled', scheduler: { tickToken } });
  for (const place of [...places, extra]) place?.release();
  expect(await world.deliver(id)).toMatchObject({ ran: true });
});

test('a tick keeps the one place that its run needs, and a stale tick none', async () => {
  const id = await world.startTask();
  const { tickToken } = (await world.task(id)).scheduler;
  const tick = { taskId: id, userId: world.userId, tickToken: tickToken ?? '' };
  world.agent.hold();

  // The kind of its agent is not known yet, so that it comes with a place of each.
  const { finished } = await world.runner.runTick(tick);
  const free = () => RUN_POOLS.map((pool) => world.room.free(pool));
  expect(free().toSorted()).toEqual([2, ...RUN_POOLS.slice(1).map(() => 3)]);
  expect((await world.runner.runTick({ ...tick, tickToken: randomUUID() })).result.ran).toBe(false);
  expect(world.room.free('http')).toBe(2);

  world.agent.release();
  await finished;
  expect(free()).toEqual(RUN_POOLS.map(() => 3));
});

describe('while the room is full of ticks', () => {
  beforeEach(async () => {
    await startOverdue(6);
    world.agent.hold();
    await world.scheduler.start();
    await world.agent.started(3);
  });

  test('a person’s run begins at once, in a place of the reserve', async () => {
    const { id } = await world.createTask();
    await world.runner.run(world.userId, { taskId: id });
    expect((await world.agent.started(4)).taskId).toBe(id);
  });

  test('a person’s run that waits ahead of the ticks can be interrupted, and its agent is not called', async () => {
    const others = await Promise.all([1, 2, 3, 4].map(() => world.createTask()));
    for (const { id } of others) await world.runner.run(world.userId, { taskId: id });
    await world.agent.started(7);
    const { id } = await world.createTask();
    const { operationId } = await world.runner.run(world.userId, { taskId: id });

    await world.lifecycle.interrupt(world.userId, operationId);
    world.agent.release();
    await callsReach(10);

    expect(world.agent.calls.map(({ taskId }) => taskId)).not.toContain(id);
    expect((await world.task(id)).status).toBe('paused');
  });

  test('a trial of an agent takes a place like a person’s run, and gives it back', async () => {
    const [agent] = await world.agents.list(world.userId);
    const before = world.room.free('watch');
    const trial = world.agents.test(world.userId, { id: agent?.id ?? '' }, undefined);
    await world.agent.started(4);
    world.agent.release();
    expect(await trial).toMatchObject({ kind: 'done' });
    expect(world.room.free('watch')).toBe(before);
  });
});
