import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** A heartbeat task, armed for now, and the token of its arm. */
async function armed(): Promise<{ id: string; token: string }> {
  const id = await world.startTask();
  const { tickToken } = (await world.task(id)).scheduler;
  return { id, token: tickToken ?? '' };
}

const openUrgentBrief = (taskId: string): Promise<object[]> =>
  world.query(
    `insert into everbeat.briefs (id, task_id, user_id, type, priority, title, summary, actions, created_at, updated_at)
     values ($1, $2, $3, 'decision', 'urgent', 'Which one?', '', '[{"key":"approve","label":"Approve"}]', now(), now())`,
    [randomUUID(), taskId, world.userId],
  );

describe('a tick is skipped, with a reason, and starts nothing', () => {
  test.each([
    ['not-found: no such task', async () => ({ id: randomUUID(), token: randomUUID() }), 'not-found'],
    ['not-found: an id that is not a UUID', async () => ({ id: 'T-1', token: 'x' }), 'not-found'],
    [
      'paused',
      async () => {
        const task = await armed();
        await world.lifecycle.pause(world.userId, task.id);
        return task;
      },
      'paused',
    ],
    [
      'terminal: canceled',
      async () => {
        const task = await armed();
        await world.lifecycle.cancel(world.userId, task.id);
        return task;
      },
      'terminal',
    ],
    [
      'stale-token: the task was started again',
      async () => {
        const task = await armed();
        await world.lifecycle.start(world.userId, task.id);
        return task;
      },
      'stale-token',
    ],
    [
      'stale-token: the interval was changed',
      async () => {
        const task = await armed();
        await world.tasks.update(world.userId, { id: task.id, heartbeatInterval: 120 });
        return task;
      },
      'stale-token',
    ],
    [
      'stale-token: a token that is not a UUID',
      async () => ({ ...(await armed()), token: 'hello' }),
      'stale-token',
    ],
    [
      'early',
      async () => {
        const task = await armed();
        await world.deliver(task.id);
        return { id: task.id, token: (await world.task(task.id)).scheduler.tickToken ?? '' };
      },
      'early',
    ],
    [
      'human-waiting',
      async () => {
        const task = await armed();
        await openUrgentBrief(task.id);
        return task;
      },
      'human-waiting',
    ],
    [
      'mode-changed: by a hand edit',
      async () => {
        const task = await armed();
        await world.query(
          `update everbeat.tasks set automation_mode = 'schedule', schedule_pattern = '0 9 * * *' where id = $1`,
          [task.id],
        );
        return task;
      },
      'mode-changed',
    ],
    [
      'no-interval: by a hand edit',
      async () => {
        const task = await armed();
        await world.query('update everbeat.tasks set heartbeat_interval = null where id = $1', [task.id]);
        return task;
      },
      'no-interval',
    ],
  ])('%s', async (_name, prepare, reason) => {
    const { id, token } = await prepare();
    const runsBefore = world.agent.calls.length;

    const { result } = await world.runner.runTick({ taskId: id, userId: world.userId, tickToken: token });

    expect(result).toEqual({ ran: false, reason });
    expect(world.agent.calls.length).toBe(runsBefore);
    await world.expectSound();
  });

  test('in-flight: the same tick delivered again during its run; stale-token: delivered again after it', async () => {
    const { id, token } = await armed();
    world.agent.hold();
    const tick = { taskId: id, userId: world.userId, tickToken: token };
    const first = await world.runner.runTick(tick);
    expect(first.result).toMatchObject({ ran: true });

    expect((await world.runner.runTick(tick)).result).toEqual({ ran: false, reason: 'in-flight' });

    world.agent.release();
    await first.finished;
    expect((await world.runner.runTick(tick)).result).toEqual({ ran: false, reason: 'stale-token' });
    await world.expectSound();
  });

  test("not-found: a tick that names another user's task", async () => {
    const { id, token } = await armed();
    const { result } = await world.runner.runTick({ taskId: id, userId: 'eve', tickToken: token });
    expect(result).toEqual({ ran: false, reason: 'not-found' });
  });
});

describe('what a skip leaves behind', () => {
  test('human-waiting records the blocker and ends the ledger row as skipped', async () => {
    const { id, token } = await armed();
    await openUrgentBrief(id);
    await world.deliver(id, token);
    expect((await world.task(id)).scheduler).toMatchObject({ tickToken: null, blockedBy: 'urgent-brief' });
    expect(await world.ticks(id)).toMatchObject([{ outcome: 'skipped', reason: 'human-waiting' }]);
    expect(await world.deliver(id, token)).toEqual({ ran: false, reason: 'human-waiting' });
  });

  test('mode-changed arms the task by its new rule', async () => {
    const { id, token } = await armed();
    await world.query(
      `update everbeat.tasks set automation_mode = 'schedule', schedule_pattern = '0 9 * * *' where id = $1`,
      [id],
    );
    await world.deliver(id, token);
    const { scheduler, status } = await world.task(id);
    expect(status).toBe('scheduled');
    expect(scheduler.dueAt).toMatch(/T09:00:00.000Z$/);
    expect(await world.ticks(id)).toMatchObject([
      { outcome: 'skipped', reason: 'mode-changed' },
      { outcome: null },
    ]);
  });

  test('no-interval ends the task as failed, with an error brief', async () => {
    const { id, token } = await armed();
    await world.query('update everbeat.tasks set heartbeat_interval = null where id = $1', [id]);
    await world.deliver(id, token);
    expect(await world.task(id)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('interval'),
    });
    expect(await world.briefs(id)).toMatchObject([{ type: 'error', priority: 'urgent' }]);
    await world.expectSound();
  });

  test('early publishes the tick again, as the next publication, for the rest of the wait', async () => {
    const { id } = await armed();
    await world.deliver(id);
    await world.deliver(id);
    expect(await world.ticks(id)).toMatchObject([{ outcome: 'fired' }, { outcome: null, publications: 2 }]);
  });
});
