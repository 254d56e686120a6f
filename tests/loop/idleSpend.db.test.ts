import { type ChatTurn, type FakeChatModel, startFakeChatModel } from '@everbeat/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ApiWorld, createApiWorld } from '../support/apiWorld';

/** What beats without news cost: runs that leave nothing for a person to read (API.md, "What was spent"). */

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

async function startModelTask(): Promise<string> {
  const config = { provider: 'openai', model: 'gpt-4o' };
  const { id: agentId } = await world.ada.agent.create({ name: 'Assistant', kind: 'model', config });
  return world.startTask({ agentId });
}

const calls = (name: string, args: object): ChatTurn[] => [
  { toolCalls: [{ name, arguments: args }], usage },
  { text: 'Done.', usage },
];
const brief = { type: 'insight', priority: 'info', title: 'Seen', summary: 'A ship' };

describe('a run of a model', () => {
  it.each<[string, ChatTurn[], boolean]>([
    ['that only reports', [{ text: 'Nothing new.', usage }], true],
    [
      'that notes something for itself',
      calls('write_document', { name: 'Memory', content: 'Seen nothing' }),
      true,
    ],
    ['that leaves a brief', calls('create_brief', brief), false],
    ['that comments', calls('add_comment', { content: 'Noted' }), false],
    ['that writes a document', calls('write_document', { name: 'Report', content: 'A ship' }), false],
  ])('%s', async (_what, turns, isIdle) => {
    const taskId = await startModelTask();
    chat.next(...turns);
    await world.beat(taskId);
    const { spentUsd, idleUsd, byDay, inputTokens } = await world.ada.task.spend({ id: taskId });
    const cost = turns.length * CALL_USD;
    expect({ spentUsd, idleUsd, inputTokens }).toEqual({
      spentUsd: cost,
      idleUsd: isIdle ? cost : 0,
      inputTokens: turns.length * 1_000,
    });
    expect(byDay).toMatchObject([{ spentUsd: cost, idleUsd: isIdle ? cost : 0 }]);
    expect(await world.ada.system.spend()).toMatchObject({ spentUsd, idleUsd });
  });
});

describe('a run of an agent elsewhere', () => {
  it('is without news by what it reports, and both are counted together', async () => {
    const [quiet, loud] = [await world.startTask(), await world.startTask()];
    const usd = { inputTokens: 10, costUsd: 0.25 };
    world.agent.next({ kind: 'done', content: 'Nothing', usage: usd });
    await world.beat(quiet);
    world.agent.next({ kind: 'done', content: 'A ship', usage: usd, comments: ['Look'] });
    await world.beat(loud);
    expect(await world.ada.task.spend({ id: quiet })).toMatchObject({ spentUsd: 0.25, idleUsd: 0.25 });
    expect(await world.ada.task.spend({ id: loud })).toMatchObject({ spentUsd: 0.25, idleUsd: 0 });
    expect(await world.ada.system.spend()).toMatchObject({ spentUsd: 0.5, idleUsd: 0.25 });
  });

  it('that costs nothing has no counters', async () => {
    await world.beat(await world.startTask());
    expect(await world.query('select 1 from everbeat.budget_counters')).toEqual([]);
  });
});
