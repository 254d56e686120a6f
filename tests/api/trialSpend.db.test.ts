import { type FakeChatModel, startFakeChatModel } from '@everbeat/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ApiWorld, createApiWorld } from '../support/apiWorld';
import { awayFor } from '../support/statementFaults';

/** What agents cost that a person tries without a task (PROTOCOL §10). */
let chat: FakeChatModel;
let world: ApiWorld;
beforeAll(async () => {
  chat = await startFakeChatModel();
});
afterAll(() => chat.close());
beforeEach(async () => {
  world = await createApiWorld({ env: { OPENAI_API_KEY: 'sk-1', OPENAI_BASE_URL: chat.baseUrl } });
});
afterEach(async () => {
  await world.expectSound();
  await world.close();
});

/** $0.0035 a call, at the list price. */
const usage = { promptTokens: 1_000, completionTokens: 100 };
const CALL_USD = 0.0035;

async function createModel(budget: Record<string, number> = {}): Promise<string> {
  const config = { provider: 'openai', model: 'gpt-4o', maxOutputTokens: 100, budget };
  return (await world.ada.agent.create({ name: 'Assistant', kind: 'model', config })).id;
}
const reserved = async () => (await world.ada.system.spend()).reservedUsd;

/** A trial whose call of the model is under way. It may be awaited, or stopped before. */
async function trialUnderWay() {
  const id = await createModel();
  const calls = chat.requests.length;
  chat.next({ text: 'Hello', usage, held: true });
  const stop = new AbortController();
  const trial = world.agents.test(world.userId, { id }, stop.signal);
  await chat.requested(calls + 1);
  return { trial, stop };
}

describe('a trial of a model', () => {
  it('counts against its agent and its owner, and is shown beside the tasks', async () => {
    const id = await createModel();
    chat.next({ text: 'Hello', usage });
    expect(await world.ada.agent.test({ id })).toMatchObject({ kind: 'done', content: 'Hello' });
    const spent = { spentUsd: CALL_USD, inputTokens: 1_000, outputTokens: 100 };
    expect(await world.ada.system.spend()).toMatchObject({
      ...spent,
      reservedUsd: 0,
      byTask: [{ ...spent, taskId: null, identifier: null, name: null }],
      byModel: [{ ...spent, model: 'openai/gpt-4o', calls: 1, isPriced: true }],
      byAgent: [{ ...spent, agentId: id }],
    });
  });

  it('is not made where its worst case does not fit, and says under which cap', async () => {
    const id = await createModel({ perDayUsd: 0.001 });
    const calls = chat.requests.length;
    expect(await world.ada.agent.test({ id })).toMatchObject({
      kind: 'error',
      errorCode: 'budget',
      errorMessage: expect.stringMatching(
        /^The agent "Assistant" has used \$0\.00 of \$0\.001 today\..*Raise/,
      ),
    });
    expect(chat.requests.length).toBe(calls);
  });

  it('is not begun once the cap of everything is used up', async () => {
    const id = await createModel();
    await world.ada.agent.test({ id });
    await world.ada.system.setBudget({ budget: { totalUsd: 0 } });
    const calls = chat.requests.length;
    expect(await world.ada.agent.test({ id })).toMatchObject({ kind: 'error', errorCode: 'budget' });
    expect(chat.requests.length).toBe(calls);
  });

  it('reserves while it is under way, and no watchdog takes it for abandoned', async () => {
    const { trial } = await trialUnderWay();
    expect(await reserved()).toBeGreaterThan(0);
    await world.watchdog.sweep();
    chat.release();
    await trial;
    expect(await world.ada.system.spend()).toMatchObject({ spentUsd: CALL_USD, reservedUsd: 0 });
  });

  it('that is stopped counts as its worst case, because nobody says what it cost', async () => {
    const { trial, stop } = await trialUnderWay();
    const worst = await reserved();
    stop.abort();
    expect(await trial).toMatchObject({ kind: 'canceled' });
    chat.release();
    expect(await world.ada.system.spend()).toMatchObject({ spentUsd: worst, reservedUsd: 0 });
  });

  it('counts what its provider reports, although the database is away at that moment', async () => {
    const { trial } = await trialUnderWay();
    const met = awayFor(world.testDatabase, 'everbeat_write_trial_spend');
    chat.release();
    await met;
    await world.clock.advance(250);
    expect(await trial).toMatchObject({ kind: 'done', content: 'Hello' });
    expect(await world.ada.system.spend()).toMatchObject({ spentUsd: CALL_USD, reservedUsd: 0 });
  });

  it('that is stopped leaves nothing reserved, although the database is away at that moment', async () => {
    const { trial, stop } = await trialUnderWay();
    const met = awayFor(world.testDatabase, 'everbeat_write_trial_spend');
    stop.abort();
    await met;
    await world.clock.advance(250);
    expect(await trial).toMatchObject({ kind: 'canceled' });
    chat.release();
    expect(await reserved()).toBe(0);
  });
});

describe('a trial of an agent elsewhere', () => {
  it('is counted as it reports, told what is left, and not made once a cap is reached', async () => {
    await world.ada.system.setBudget({ budget: { perDayUsd: 0.3 } });
    const [agent] = await world.ada.agent.list();
    const id = agent?.id ?? '';
    world.agent.next({ kind: 'done', content: 'x', usage: { costUsd: 0.2, inputTokens: 10 } });
    await world.ada.agent.test({ id });
    expect(await world.ada.system.spend()).toMatchObject({ spentUsd: 0.2, inputTokens: 10 });
    world.agent.next({ kind: 'done', content: 'x', usage: { costUsd: 0.2 } });
    await world.ada.agent.test({ id });
    expect(world.agent.calls.at(-1)?.budget?.leftUsd).toBeCloseTo(0.1);
    const calls = world.agent.calls.length;
    expect(await world.ada.agent.test({ id })).toMatchObject({ kind: 'error', errorCode: 'budget' });
    expect(world.agent.calls.length).toBe(calls);
  });

  it('is counted once the database answers again', async () => {
    const [agent] = await world.ada.agent.list();
    world.agent.next({ kind: 'done', content: 'x', usage: { costUsd: 0.2 } });
    const met = awayFor(world.testDatabase, 'everbeat_count_trial_spend');
    const trial = world.ada.agent.test({ id: agent?.id ?? '' });
    await met;
    await world.clock.advance(250);
    expect(await trial).toMatchObject({ kind: 'done' });
    expect((await world.ada.system.spend()).spentUsd).toBe(0.2);
  });
});

describe('a trial after which most of a cap is spent', () => {
  const warnings = () =>
    world.query(
      `select task_id as "taskId", priority, title, occurrences from everbeat.briefs
       where purpose = 'budget-warning'`,
    );
  const told = (taskId: string, title: string) => [{ taskId, priority: 'normal', title, occurrences: 1 }];
  const spendsElsewhere = (costUsd: number) =>
    world.agent.next({ kind: 'done', content: 'x', usage: { costUsd } });

  it('tells so once, with a task of its agent that runs by itself', async () => {
    const id = await createModel({ perDayUsd: 1 });
    const taskId = await world.startTask({ agentId: id });
    await world.createTask({ agentId: id });
    await world.startTask();
    chat.next({ text: 'Hello', usage: { promptTokens: 340_000, completionTokens: 0 } });
    await world.ada.agent.test({ id });
    await world.ada.agent.test({ id });
    expect(await warnings()).toEqual(
      told(taskId, '85 % of the budget of the agent "Assistant" is spent today'),
    );
  });

  it('tells so with the newest task where its agent has none', async () => {
    await world.ada.system.setBudget({ budget: { perDayUsd: 1 } });
    await world.startTask();
    const { id: taskId } = await world.createTask();
    const config = { url: 'http://127.0.0.1:9/' };
    const { id } = await world.ada.agent.create({ name: 'Other', kind: 'http', config });
    spendsElsewhere(0.85);
    await world.ada.agent.test({ id });
    expect(await warnings()).toEqual(told(taskId, '85 % of your budget for everything is spent today'));
  });

  it('where there is no task, the first run that spends anything tells so', async () => {
    await world.ada.system.setBudget({ budget: { perDayUsd: 1 } });
    const [agent] = await world.ada.agent.list();
    spendsElsewhere(0.85);
    await world.ada.agent.test({ id: agent?.id ?? '' });
    expect(await warnings()).toEqual([]);
    const taskId = await world.startTask();
    spendsElsewhere(0.01);
    await world.beat(taskId);
    expect(await warnings()).toEqual(told(taskId, '86 % of your budget for everything is spent today'));
  });

  it('keeps its answer although the person cannot be told, which the next trial does', async () => {
    await world.ada.system.setBudget({ budget: { perDayUsd: 1 } });
    const taskId = await world.startTask();
    const [agent] = await world.ada.agent.list();
    void awayFor(world.testDatabase, 'everbeat_write_budget_warning');
    for (const costUsd of [0.85, 0.01]) {
      expect(await warnings()).toEqual([]);
      spendsElsewhere(costUsd);
      expect(await world.ada.agent.test({ id: agent?.id ?? '' })).toMatchObject({ kind: 'done' });
    }
    expect(await warnings()).toEqual(told(taskId, '86 % of your budget for everything is spent today'));
  });
});
