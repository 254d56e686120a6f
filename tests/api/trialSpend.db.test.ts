import { type FakeChatModel, startFakeChatModel } from '@everbeat/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ApiWorld, createApiWorld } from '../support/apiWorld';

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

describe('a trial of a model', () => {
  it('counts against its agent and its owner, and is shown beside the tasks', async () => {
    const id = await createModel();
    chat.next({ text: 'Hello', usage });
    expect(await world.ada.agent.test({ id })).toMatchObject({ kind: 'done', content: 'Hello' });
    const spent = { spentUsd: CALL_USD, inputTokens: 1_000, outputTokens: 100 };
    expect(await world.ada.system.spend()).toMatchObject({
      ...{ ...spent, reservedUsd: 0 },
      byTask: [{ ...spent, taskId: null, identifier: null, name: null }],
      byModel: [{ ...spent, model: 'openai/gpt-4o', calls: 1, isPriced: true }],
      byAgent: [{ ...spent, agentId: id }],
    });
  });

  it('is not made where its worst case does not fit, and says under which cap', async () => {
    const id = await createModel({ perDayUsd: 0.001 });
    const calls = chat.requests.length;
    expect(await world.ada.agent.test({ id })).toMatchObject({
      ...{ kind: 'error', errorCode: 'budget' },
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
    const id = await createModel();
    const calls = chat.requests.length;
    chat.next({ text: 'Hello', usage, held: true });
    const trial = world.ada.agent.test({ id });
    await chat.requested(calls + 1);
    expect(await reserved()).toBeGreaterThan(0);
    await world.watchdog.sweep();
    chat.release();
    await trial;
    expect(await world.ada.system.spend()).toMatchObject({ spentUsd: CALL_USD, reservedUsd: 0 });
  });

  it('that is stopped counts as its worst case, because nobody says what it cost', async () => {
    const id = await createModel();
    const calls = chat.requests.length;
    chat.next({ text: 'Hello', usage, held: true });
    const stop = new AbortController();
    const trial = world.agents.test(world.userId, { id }, stop.signal);
    await chat.requested(calls + 1);
    const worst = await reserved();
    stop.abort();
    expect(await trial).toMatchObject({ kind: 'canceled' });
    chat.release();
    expect(await world.ada.system.spend()).toMatchObject({ spentUsd: worst, reservedUsd: 0 });
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
});
