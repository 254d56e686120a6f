import { type FakeHttpAgent, startFakeHttpAgent } from '@everbeat/testkit';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../support/app/app';
import { isChromiumMissing, takePicture } from '../support/app/browser';
import { browserTests } from '../support/app/browserTests';
import { reload, visit } from '../support/app/visit';

describe.skipIf(isChromiumMissing())('a person answers', () => {
  let app: App;
  let agent: FakeHttpAgent;
  let page: Page;
  let agentId: string;

  browserTests({ farSides: async () => ({ agent: await startFakeHttpAgent() }) }, (world) => {
    ({ app, agent, page } = world);
  });

  beforeAll(async () => {
    const config = { url: agent.url };
    agentId = (await app.trpc.agent.create.mutate({ name: 'Harbour master', kind: 'http', config })).id;
  });

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const create = (instruction: string, parentTaskId?: string) =>
    app.trpc.task.create.mutate({ instruction, agentId, parentTaskId });

  test('a brief with words that survive a reload, and are gone once it is answered', async () => {
    const actions = [{ key: 'sail', label: 'Sail' }];
    const brief = { type: 'decision', priority: 'urgent', title: 'Sail in this fog?', summary: '', actions };
    agent.next({ body: { content: 'It is foggy', briefs: [brief] } });
    const { id } = await create('Bring the ferry over');
    await app.trpc.task.run.mutate({ id });
    await app.task(id, 'its question', ({ briefs }) => briefs.length > 0);

    await visit(page, '/');
    await button('Add a comment').click();
    await page.getByLabel('Your words').fill('Slowly, with the horn');
    await page.keyboard.press('Escape');
    await reload(page);
    expect(await page.getByLabel('Your words').inputValue()).toBe('Slowly, with the horn');
    await takePicture(page, 'answers-1-restored');

    await button('Sail').click();
    // The run that goes on with the answer leaves a newer brief.
    const isAnswered = (one: { title: string; resolvedAt: Date | null }): boolean =>
      one.title === brief.title && one.resolvedAt !== null;
    const { briefs } = await app.task(id, 'its answer', (task) => task.briefs.some(isAnswered));
    expect(briefs.find(isAnswered)?.resolvedComment).toBe('Slowly, with the horn');
    await expect.poll(() => page.evaluate(() => JSON.stringify(localStorage))).not.toContain('horn');
  });

  test('for all parts of a task with one button', async () => {
    const parent = await create('Get the fleet ready');
    for (const part of ['Paint the hulls', 'Mend the nets']) await create(part, parent.id);
    await visit(page, `/tasks/${parent.identifier}`);
    await page.getByRole('tab', { name: /^Linked tasks/ }).click();
    await page.getByText('0 of 2 done').waitFor();
    const parts = page.getByRole('region', { name: 'Subtasks' }).getByRole('link');
    expect(await parts.allInnerTexts()).toEqual([
      expect.stringContaining('Paint the hulls'),
      expect.stringContaining('Mend the nets'),
    ]);
    await takePicture(page, 'answers-2-parts');
    await button('Run all parts').click();
    await page.getByText('2 parts were started.').waitFor();
    await page.getByText('2 of 2 done').waitFor();
    expect(await button('Run all parts').count()).toBe(0);
    await takePicture(page, 'answers-3-parts-done');
    const { briefs } = await app.task(parent.id, 'the news', (task) => task.briefs.length > 0);
    expect(briefs).toMatchObject([{ title: 'All 2 parts of Get the fleet ready are done' }]);
  });
});
