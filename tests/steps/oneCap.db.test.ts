import { expect, test } from 'vitest';
import { stepsWorldPerTest } from './stepsWorld';

const world = stepsWorldPerTest();

const PRICE = { inputPerMillionUsd: 1, outputPerMillionUsd: 1 };
/** Less than the worst case, and $0.006 at that price. */
const usage = { promptTokens: 5_000, completionTokens: 1_000 };
const CALL_USD = 0.006;
const CAP_USD = 0.1;

test('fifty runs in two processes spend no more than their one cap allows, and nobody is called beyond it', async () => {
  const { userId, agents, chat, runner, spend, query } = world();
  const config = { pricing: PRICE, maxOutputTokens: 1_000 };
  const agent = await agents.create(userId, { name: 'Model', kind: 'model', config });
  const taskIds: string[] = [];
  for (let task = 0; task < 50; task += 1) taskIds.push(await world().startTask({ agentId: agent.id }));
  await spend.setBudget(userId, { budget: { totalUsd: CAP_USD } });
  chat.default({ text: 'All quiet', usage });
  const second = await world().secondProcess();
  const ticks = await Promise.all(
    taskIds.map(async (taskId) => {
      const { tickToken } = (await world().task(taskId)).scheduler;
      return { taskId, userId, tickToken: tickToken ?? '' };
    }),
  );

  const begun = await Promise.all(
    ticks.map((tick, index) => (index % 2 === 0 ? runner : second.runner).runTick(tick)),
  );
  await Promise.all(begun.map(({ finished }) => finished));

  const [done, stopped] = await Promise.all(
    ['done', 'budget'].map(
      async (status) => (await query('select 1 from everbeat.operations where status = $1', [status])).length,
    ),
  );
  expect([done, stopped]).toEqual([chat.requests.length, 50 - chat.requests.length]);
  expect(chat.requests.length).toBeGreaterThan(5);
  const { spentUsd, reservedUsd } = await spend.ofEverything(userId, {});
  expect(spentUsd).toBeCloseTo(chat.requests.length * CALL_USD, 6);
  expect(spentUsd).toBeLessThanOrEqual(CAP_USD);
  expect(reservedUsd).toBe(0);
});
