import { type ChatTurn, type FakeChatModel, startFakeChatModel } from '@everbeat/testkit';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../support/app/app';
import { isChromiumMissing, takePicture } from '../support/app/browser';
import { browserTests } from '../support/app/browserTests';
import { visit } from '../support/app/visit';

/** What holds back a task with a model: its budget, and the check of its work. */
describe.skipIf(isChromiumMissing())('a task with a model', () => {
  let app: App;
  let chat: FakeChatModel;
  let page: Page;
  let agentId: string;

  browserTests({ farSides: async () => ({ chat: await startFakeChatModel() }) }, (world) => {
    ({ app, chat, page } = world);
  });

  beforeAll(async () => {
    const pricing = { inputPerMillionUsd: 1, outputPerMillionUsd: 1 };
    const config = { model: 'fake-model', baseUrl: chat.baseUrl, maxOutputTokens: 1_000, pricing };
    agentId = (await app.trpc.agent.create.mutate({ name: 'Reader', kind: 'model', config })).id;
  });

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const heading = (name: string) => page.getByRole('heading', { name });

  /** Runs the task as a person does, and waits until that has ended. */
  async function run(id: string, count: number): Promise<void> {
    await app.trpc.task.run.mutate({ id });
    await app.task(id, `the end of run ${count}`, ({ topics: [topic] }) =>
      topic === undefined ? false : topic.number === count && topic.status !== 'running',
    );
  }

  test('says when most of its budget is spent, asks when nothing is left, and goes on once that is raised', async () => {
    const spends = (promptTokens: number): ChatTurn => ({
      text: 'All quiet',
      usage: { promptTokens, completionTokens: 0 },
    });
    chat.next(spends(850_000), spends(300_000));
    const task = await app.trpc.task.create.mutate({
      instruction: 'Watch the harbour',
      agentId,
      config: { budget: { perDayUsd: 1 } },
      automationMode: 'heartbeat',
      heartbeatInterval: 3_600,
    });
    await run(task.id, 1);
    await visit(page, `/tasks/${task.identifier}?tab=briefs`);
    await heading(`85 % of the budget of ${task.identifier} is spent today`).waitFor();
    await takePicture(page, 'brakes-1-warning');

    await run(task.id, 2);
    await run(task.id, 3);
    await heading(`${task.identifier} has stopped: its budget leaves no room today`).waitFor();
    expect(chat.requests).toHaveLength(2);
    await page.getByText('$1.15 of $1.00 today').first().waitFor({ state: 'attached' });
    await takePicture(page, 'brakes-2-stopped');

    await button('Raise to $2.00 a day').click();
    await chat.requested(3);
    const raised = await app.task(task.id, 'the run that goes on', ({ topics: [topic] }) =>
      topic === undefined ? false : topic.number === 4 && topic.status === 'done',
    );
    expect(raised).toMatchObject({ status: 'scheduled', config: { budget: { perDayUsd: 2 } } });
    await button('Raise to $2.00 a day').waitFor({ state: 'detached' });
    await app.trpc.task.pause.mutate({ id: task.id });
  });

  test('whose work fails its check twice asks the person, who takes it as it is', async () => {
    const verdict = { verdict: 'failed', reasons: ['It does not say who has seen the ships'] };
    chat.default(({ tools }) =>
      JSON.stringify(tools ?? '').includes('give_verdict')
        ? { toolCalls: [{ name: 'give_verdict', arguments: verdict }] }
        : { text: 'Three ships have come in.' },
    );
    const review = { requirement: 'It names its sources', maxIterations: 2 };
    const task = await app.trpc.task.create.mutate({
      instruction: 'Count the ships',
      agentId,
      config: { review },
    });
    await app.trpc.task.run.mutate({ id: task.id });
    await visit(page, `/tasks/${task.identifier}?tab=briefs`);
    await heading(`${task.identifier} did not pass its check after 2 tries. What should happen?`).waitFor();
    await page.getByText('It does not say who has seen the ships').first().waitFor();
    for (const option of ['Try again', 'Give feedback']) await button(option).waitFor();
    await takePicture(page, 'brakes-3-failed-twice');

    await button('Accept as it is').click();
    const { topics } = await app.task(task.id, 'its completion', ({ status }) => status === 'completed');
    expect(topics).toHaveLength(1);
    await visit(page, `/tasks/${task.identifier}?tab=runs`);
    const checks = page.getByRole('region', { name: 'Checks of the work' });
    for (const attempt of ['try 1', 'try 2']) await checks.getByText(attempt).waitFor();
    await takePicture(page, 'brakes-4-accepted');
  });
});
