import type { Budget } from '@everbeat/domain';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWorld, type World } from '../support/world';

/** What becomes of tasks whose agents report what they cost, when a cap is reached (PROTOCOL §10). */
let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(async () => {
  await world.expectSound();
  await world.close();
});

const spends = (costUsd: number) => world.agent.next({ kind: 'done', content: 'x', usage: { costUsd } });

/** A task that has spent this in its first run. */
async function taskThatSpent(costUsd: number, budget: Budget | undefined): Promise<string> {
  const id = await world.startTask({ config: budget === undefined ? {} : { budget } });
  spends(costUsd);
  await world.beat(id);
  return id;
}

interface Asked {
  id: string;
  title: string;
  type: string;
  purpose: string | null;
  priority: string;
  occurrences: number;
  actions: { key: string }[];
}
const openBriefs = (taskId: string) =>
  world.query<Asked>(
    `select id, title, type, purpose, priority, occurrences, actions from everbeat.briefs where task_id = $1 and resolved_at is null`,
    [taskId],
  );
const question = async (taskId: string) => {
  const found = (await openBriefs(taskId)).find(({ purpose }) => purpose === 'budget');
  if (found === undefined) throw new Error('Nobody is asked');
  return found;
};
const resolve = async (taskId: string, action: string) =>
  world.lifecycle.resolveBrief(world.userId, { id: (await question(taskId)).id, action });
const budgetOf = async (id: string) => {
  const [row] = await world.query<{ budget: Budget }>(
    `select config -> 'budget' as budget from everbeat.tasks where id = $1`,
    [id],
  );
  return row?.budget;
};

describe('a task whose cap is reached', () => {
  test('does not call its agent again, and asks once', async () => {
    const id = await taskThatSpent(1.1, { perDayUsd: 1 });
    const calls = world.agent.calls.length;
    expect(await world.beat(id)).toMatchObject({ ran: true });
    expect(world.agent.calls.length).toBe(calls);

    const asked = await question(id);
    expect(asked).toMatchObject({ type: 'decision', priority: 'urgent', occurrences: 1 });
    expect(asked.actions.map(({ key }) => key)).toEqual(['raise', 'wait', 'stop']);
    const { status, scheduler } = await world.task(id);
    expect([status, scheduler.blockedBy, scheduler.consecutiveFailures]).toEqual([
      'scheduled',
      'urgent-brief',
      0,
    ]);
    const [run] = await world.query(
      'select status, failure_class from everbeat.operations where task_id = $1 order by id desc',
      [id],
    );
    expect(run).toEqual({ status: 'budget', failure_class: null });
  });

  test('goes on with the raised cap, raised once', async () => {
    const id = await taskThatSpent(1.1, { perDayUsd: 1 });
    await world.beat(id);
    const { id: briefId } = await question(id);
    await world.lifecycle.resolveBrief(world.userId, { id: briefId, action: 'raise' });
    await world.lifecycle.resolveBrief(world.userId, { id: briefId, action: 'raise' });
    expect(await budgetOf(id)).toEqual({ perDayUsd: 2 });
    spends(0);
    expect(await world.beat(id)).toMatchObject({ ran: true });
    expect((await openBriefs(id)).map(({ purpose }) => purpose)).toEqual(['budget-warning']);
  });

  test('goes on with a raised cap that was no whole number of micro-dollars', async () => {
    const id = await taskThatSpent(1.1, { perDayUsd: 1 / 3 });
    await world.beat(id);
    await resolve(id, 'raise');
    expect((await budgetOf(id))?.perDayUsd).toBeGreaterThan(1.1);
  });

  test('waits until exactly when its day begins anew', async () => {
    const id = await taskThatSpent(1.1, { perDayUsd: 1 });
    await world.beat(id);
    await resolve(id, 'wait');
    const { scheduler } = await world.task(id);
    const midnight = new Date(world.clock.now());
    midnight.setUTCHours(24, 0, 0, 0);
    expect(scheduler).toMatchObject({ dueAt: midnight.toISOString(), waitsForBudget: true, blockedBy: null });

    world.clock.advance(midnight.getTime() - world.clock.now().getTime());
    spends(0);
    const calls = world.agent.calls.length;
    await world.beat(id);
    expect(world.agent.calls.length).toBe(calls + 1);
    expect((await world.task(id)).scheduler.waitsForBudget).toBeUndefined();
  });

  test('is paused by stop', async () => {
    const id = await taskThatSpent(1.1, { totalUsd: 1 });
    await world.beat(id);
    expect((await question(id)).actions.map(({ key }) => key)).toEqual(['raise', 'stop']);
    await resolve(id, 'stop');
    expect((await world.task(id)).status).toBe('paused');
  });
});

test('at 80 % the person is told once', async () => {
  const id = await taskThatSpent(0.85, { perDayUsd: 1 });
  spends(0.01);
  await world.beat(id);
  expect(await openBriefs(id)).toMatchObject([
    { purpose: 'budget-warning', priority: 'normal', occurrences: 1 },
  ]);
});

test('the cap of a task above it is named as that', async () => {
  const parent = await world.startTask({ config: { budget: { perDayUsd: 1 } } });
  const id = await world.startTask({ parentTaskId: parent });
  spends(1.1);
  await world.beat(id);
  await world.beat(id);
  expect((await question(id)).title).toBe('T-2 has stopped: the budget of T-1 leaves no room today');
});

test('tasks that share a cap are answered together', async () => {
  await world.query(`update everbeat.users set budget = '{"perMonthUsd": 1}' where id = $1`, [world.userId]);
  const [one, two] = [await taskThatSpent(0.9, undefined), await taskThatSpent(0.9, undefined)];
  await world.beat(one);
  await world.beat(two);
  await resolve(one, 'raise');
  const [row] = await world.query('select budget from everbeat.users where id = $1', [world.userId]);
  expect(row).toEqual({ budget: { perMonthUsd: 2 } });
  for (const id of [one, two])
    expect((await world.task(id)).scheduler).toMatchObject({ trigger: 'brief', blockedBy: null });
});

test('an agent is told what is left', async () => {
  const id = await taskThatSpent(0.25, { perDayUsd: 1, perDayTokens: 5_000 });
  spends(0);
  await world.beat(id);
  expect(world.agent.calls.at(-1)?.budget).toEqual({ leftUsd: 0.75, leftTokens: 5_000 });
});
