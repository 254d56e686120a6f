import { createTestClock } from '@everbeat/testkit';
import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApiWorld, createApiWorld, refusalOf } from '../support/apiWorld';

/** What was spent, as the API tells it. The rows are those that calls of models leave. */

let world: ApiWorld;
beforeEach(async () => {
  world = await createApiWorld({ clock: createTestClock(new Date('2031-05-20T12:00:00Z')) });
});
afterEach(() => world.close());

interface Call {
  taskId: string;
  day?: string;
  usd?: number;
  /** The part of it that a run without news has cost. */
  idleUsd?: number;
  reservedUsd?: number;
  model?: string | null;
  isPriced?: boolean;
  agentId?: string;
  userId?: string;
  operationId?: string;
}

/** A call of a model, with the counters of its task, its agent and its owner. */
async function called(call: Call): Promise<void> {
  const today = world.clock.now().toISOString().slice(0, 10);
  const { taskId, day = today, usd = 0, idleUsd = 0, reservedUsd = 0, userId = world.userId } = call;
  const { model = 'openai/gpt-4o', isPriced = true, agentId = v7(), operationId = v7() } = call;
  await world.query(
    `insert into everbeat.spend_entries (id, operation_id, task_id, agent_id, user_id, occurrence, model, scopes, is_priced,
       spent_usd, input_tokens, output_tokens, state, created_at)
     values ($1, $2, $3, $4, $5, $2, $6, '[]', $7, $8, 1000, 100, 'spent', $9::date)`,
    [v7(), operationId, taskId, agentId, userId, model, isPriced, usd, day],
  );
  for (const [scope, scopeId] of [
    ['task', taskId],
    ['agent', agentId],
    ['owner', userId],
  ])
    for (const [period, key] of [
      ['day', day],
      ['month', day.slice(0, 7)],
      ['total', ''],
    ])
      await world.query(
        `insert into everbeat.budget_counters as c (scope, scope_id, period, period_key, user_id, spent_usd, idle_usd, reserved_usd,
           input_tokens, output_tokens)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 1000, 100)
         on conflict (scope, scope_id, period, period_key) do update set spent_usd = c.spent_usd + excluded.spent_usd,
           idle_usd = c.idle_usd + excluded.idle_usd, reserved_usd = c.reserved_usd + excluded.reserved_usd,
           input_tokens = c.input_tokens + 1000, output_tokens = c.output_tokens + 100`,
        [scope, scopeId, period, key, userId, usd, period === 'day' ? idleUsd : 0, reservedUsd],
      );
}

const dayBefore = (days: number): string =>
  new Date(world.clock.now().getTime() - days * 86_400_000).toISOString().slice(0, 10);

describe('task.spend', () => {
  it('is nothing for a task that has called no model', async () => {
    const id = await world.startTask();
    expect(await world.ada.task.spend({ id })).toMatchObject({
      spentUsd: 0,
      reservedUsd: 0,
      inputTokens: 0,
      outputTokens: 0,
      byDay: [],
      idleUsd: 0,
      forecastMonthUsd: 0,
      meanRunUsd: null,
      caps: [],
      timezone: 'UTC',
    });
  });

  it('is what its days have cost, of this month unless others are asked for', async () => {
    const taskId = await world.startTask();
    await called({ taskId, usd: 0.02, idleUsd: 0.02 });
    await called({ taskId, usd: 0.03, reservedUsd: 0.01 });
    await called({ taskId, usd: 0.5, day: dayBefore(1) });
    await called({ taskId, usd: 7, day: dayBefore(25) });
    await called({ taskId: await world.startTask(), usd: 9 });

    const spend = await world.ada.task.spend({ id: taskId });
    expect(spend).toMatchObject({
      from: '2031-05-01',
      to: '2031-05-20',
      spentUsd: 0.55,
      idleUsd: 0.02,
      reservedUsd: 0.01,
      inputTokens: 3_000,
      outputTokens: 300,
    });
    expect(spend.byDay.map(({ day, spentUsd, idleUsd }) => [day, spentUsd, idleUsd])).toEqual([
      ['2031-05-19', 0.5, 0],
      ['2031-05-20', 0.05, 0.02],
    ]);
    const april = { id: taskId, from: dayBefore(25), to: '2031-04-30' };
    expect(await world.ada.task.spend(april)).toMatchObject({ spentUsd: 7, from: dayBefore(25) });
  });

  it('says whether a price is known for the model that was called last', async () => {
    const taskId = await world.startTask();
    expect((await world.ada.task.spend({ id: taskId })).lastCall).toBeNull();
    await called({ taskId, usd: 0.02, day: dayBefore(1) });
    await called({ taskId, model: 'openai-compatible/house', isPriced: false });
    await called({ taskId: v7(), userId: 'bob' });

    const lastCall = { model: 'openai-compatible/house', isPriced: false };
    expect((await world.ada.task.spend({ id: taskId })).lastCall).toEqual(lastCall);
    expect((await world.ada.system.spend()).lastCall).toEqual(lastCall);
  });

  it('says that the cost of a model is known where its provider has reported it', async () => {
    const taskId = await world.startTask();
    await called({ taskId, usd: 0.02, model: 'openrouter/vendor/new', isPriced: false });
    expect((await world.ada.task.spend({ id: taskId })).lastCall).toMatchObject({ isPriced: true });
  });

  it('is counted in the zone of its schedule, or that of its owner', async () => {
    await world.ada.system.setBudget({ timezone: 'Asia/Tokyo' });
    const heartbeat = await world.startTask();
    const schedule = { schedulePattern: '0 9 * * *', scheduleTimezone: 'Europe/Berlin' };
    const scheduled = await world.startTask({ automationMode: 'schedule', ...schedule });
    const zoneOf = async (id: string) => (await world.ada.task.spend({ id })).timezone;
    expect([await zoneOf(heartbeat), await zoneOf(scheduled)]).toEqual(['Asia/Tokyo', 'Europe/Berlin']);
  });

  it('says what is left of its caps', async () => {
    const budget = { perRunUsd: 1, perDayUsd: 2, totalUsd: 5 };
    const { id: taskId } = await world.createTask({ config: { budget } });
    await called({ taskId, usd: 0.5, reservedUsd: 0.25 });
    await called({ taskId, usd: 3, day: dayBefore(1) });
    expect((await world.ada.task.spend({ id: taskId })).caps).toMatchObject([
      { scope: 'task', cap: 'perDayUsd', limit: 2, spent: 0.5, reserved: 0.25 },
      { scope: 'task', cap: 'totalUsd', limit: 5, spent: 3.5, reserved: 0.25, renewsAt: null },
    ]);
  });

  it('foresees a month of its rhythm from its newest runs, and nothing while it is paused', async () => {
    const taskId = await world.startTask({ heartbeatInterval: 3_600 });
    for (const usd of [0.01, 0.03]) {
      await world.beat(taskId);
      const [run] = await world.query<{ id: string }>(
        'select id from everbeat.operations where task_id = $1 order by id desc limit 1',
        [taskId],
      );
      await called({ taskId, usd, operationId: run?.id ?? '' });
    }
    const forecast = async () => (await world.ada.task.spend({ id: taskId })).forecastMonthUsd;
    expect((await world.ada.task.spend({ id: taskId })).meanRunUsd).toBe(0.02);
    expect(await forecast()).toBeCloseTo(0.02 * 720, 3);
    expect((await world.ada.system.spend()).forecastMonthUsd).toBeCloseTo(0.02 * 720, 3);
    await world.ada.task.update({ id: taskId, config: { budget: { perDayUsd: 0.3 } } });
    expect([await forecast(), (await world.ada.system.spend()).forecastMonthUsd]).toEqual([9, 9]);
    await world.ada.system.setBudget({ budget: { perMonthUsd: 4 } });
    expect([await forecast(), (await world.ada.system.spend()).forecastMonthUsd]).toEqual([4, 4]);
    await world.ada.system.setBudget({ budget: {} });
    await world.query(`update everbeat.agents set config = config || '{"budget": {"perMonthUsd": 2}}'`);
    expect([await forecast(), (await world.ada.system.spend()).forecastMonthUsd]).toEqual([2, 2]);
    await world.ada.task.pause({ id: taskId });
    expect(await forecast()).toBe(0);
  });

  it.each([
    ['in the wrong order', { from: '2031-05-02', to: '2031-05-01' }],
    ['that do not exist', { from: '2031-02-30' }],
    ['of no calendar', { to: 'today' }],
    ['of too many years', { from: '2000-01-01', to: '2031-01-01' }],
  ])('refuses days %s', async (_what, days) => {
    const id = await world.startTask();
    expect(await refusalOf(world.ada.task.spend({ id, ...days }))).toMatchObject({ code: 'BAD_REQUEST' });
  });
});

describe('system.spend', () => {
  it('is that of all tasks of the user: by day, by task, by agent and by model, the dearest first', async () => {
    const [cheap, dear] = [await world.startTask({ name: 'Cheap' }), await world.startTask({ name: 'Dear' })];
    const agentId = v7();
    await called({ taskId: cheap, usd: 0.1, agentId });
    await called({ taskId: dear, usd: 2, agentId });
    await called({ taskId: dear, usd: 1, model: 'anthropic/claude-sonnet-4-5' });
    await called({ taskId: dear, usd: 0, model: 'openai-compatible/house', isPriced: false });
    await called({ taskId: v7(), usd: 50, userId: 'bob' });

    const spend = await world.ada.system.spend();
    expect(spend).toMatchObject({ spentUsd: 3.1, inputTokens: 4_000, callsSince: null });
    expect(spend.byTask).toMatchObject([
      { taskId: dear, name: 'Dear', spentUsd: 3 },
      { taskId: cheap, name: 'Cheap', spentUsd: 0.1 },
    ]);
    expect(spend.byModel).toMatchObject([
      { model: 'openai/gpt-4o', calls: 2, spentUsd: 2.1, isPriced: true },
      { model: 'anthropic/claude-sonnet-4-5', calls: 1, spentUsd: 1 },
      { model: 'openai-compatible/house', calls: 1, spentUsd: 0, isPriced: false },
    ]);
    expect(spend.byAgent[0]).toMatchObject({ agentId, spentUsd: 2.1 });
    expect((await world.bob.system.spend()).spentUsd).toBe(50);
  });

  it('goes on to count what a deleted task has spent', async () => {
    const taskId = await world.startTask({ name: 'Gone' });
    await called({ taskId, usd: 1 });
    await world.ada.task.delete({ id: taskId });
    const { spentUsd, byTask } = await world.ada.system.spend();
    expect([spentUsd, byTask]).toEqual([
      1,
      [expect.objectContaining({ taskId, identifier: null, name: null })],
    ]);
  });
});

describe('the budget of an owner', () => {
  it('is stored as it is set, each part by itself, for its owner alone', async () => {
    const before = await world.ada.system.budget();
    expect(before).toMatchObject({ budget: {}, timezone: null });
    expect(Object.keys(before.taskBudget)).not.toEqual([]);

    await world.ada.system.setBudget({ budget: { perMonthUsd: 50 } });
    await world.ada.system.setBudget({ taskBudget: { perRunUsd: 0.1 } });
    expect(await world.ada.system.setBudget({ timezone: 'Europe/Berlin' })).toEqual({
      budget: { perMonthUsd: 50 },
      taskBudget: { perRunUsd: 0.1 },
      timezone: 'Europe/Berlin',
    });
    expect(await world.bob.system.budget()).toEqual(before);
    expect((await world.ada.system.spend()).caps).toMatchObject([{ scope: 'owner', limit: 50, spent: 0 }]);

    await world.ada.system.setBudget({ budget: {}, taskBudget: null, timezone: null });
    expect(await world.ada.system.budget()).toEqual(before);
  });

  it('is begun with by a new task with a model, unless it names its own', async () => {
    const config = { provider: 'openai', model: 'gpt-4o' };
    const { id: agentId } = await world.ada.agent.create({ name: 'Model', kind: 'model', config });
    const budgetOf = async (task: object) =>
      (await world.createTask({ agentId, automationMode: null, heartbeatInterval: null, ...task })).config
        .budget;
    expect(await budgetOf({})).toEqual({ perDayUsd: 1, perMonthUsd: 10 });
    expect(await budgetOf({ config: { budget: { totalUsd: 5 } } })).toEqual({ totalUsd: 5 });
    expect(await budgetOf({ config: { budget: {} } })).toEqual({});
    await world.ada.system.setBudget({ taskBudget: { perRunUsd: 0.1 } });
    const { id: parentTaskId, config: own } = await world.createTask({ agentId });
    expect(own.budget).toEqual({ perRunUsd: 0.1 });
    // The caps of the task above hold for it.
    expect(await budgetOf({ parentTaskId })).toBeUndefined();
    const http = (await world.ada.agent.list()).find(({ kind }) => kind === 'http');
    expect(await budgetOf({ agentId: http?.id })).toBeUndefined();
  });

  it.each([
    ['below nothing', { budget: { perDayUsd: -1 } }],
    ['in a zone that nobody knows', { timezone: 'Mars/Olympus' }],
  ])('is refused %s', async (_what, change) => {
    expect(await refusalOf(world.ada.system.setBudget(change))).toMatchObject({ code: 'BAD_REQUEST' });
  });
});
