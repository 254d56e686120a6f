import { readFile } from 'node:fs/promises';
import { type FakeHttpAgent, startFakeHttpAgent } from '@everbeat/testkit';
import type { Locator, Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { seriousViolations } from '../support/app/accessibility';
import type { App } from '../support/app/app';
import { isChromiumMissing, takePicture } from '../support/app/browser';
import { browserTests } from '../support/app/browserTests';
import { reload, visit } from '../support/app/visit';

describe.skipIf(isChromiumMissing())('the documents of a task', () => {
  let app: App;
  let agent: FakeHttpAgent;
  let page: Page;
  let taskId: string;

  browserTests(
    // The browser logs the status of a refused text.
    { farSides: async () => ({ agent: await startFakeHttpAgent() }), expects: /status of 409/ },
    (world) => {
      ({ app, agent, page } = world);
    },
  );

  beforeEach(async () => {
    const { id: agentId } = await app.trpc.agent.create.mutate({
      name: 'Clerk',
      kind: 'http',
      config: { url: agent.url },
    });
    const task = await app.trpc.task.create.mutate({ name: 'Prices', instruction: 'Keep them', agentId });
    taskId = task.identifier;
  });

  const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
  const dialog = (): Locator => page.getByRole('dialog');
  const save = (content: string, name = 'Report') => app.trpc.document.save.mutate({ taskId, name, content });

  test('are written, changed, compared, restored and downloaded', async () => {
    await visit(page, `/tasks/${taskId}?tab=documents`);
    await page.getByText('No documents yet').waitFor();
    await takePicture(page, 'documents-1-none');
    await button('New document').click();
    await dialog().getByLabel('Name').fill('../Report');
    await dialog().getByLabel('Text').fill('# Prices\n\n- Tea: 3\n- Milk: 1');
    await button('Save').click();
    await dialog().getByText('must begin with a letter or digit').waitFor();
    await dialog().getByLabel('Name').fill('Report');
    await button('Save').click();
    await page.getByText('Version 1 by you').waitFor();
    expect(page.url()).toContain('document=Report');

    await button('Edit text').click();
    await dialog().getByLabel('Text').fill('# Prices\n\n- Tea: 4\n- Milk: 1');
    await button('Save').click();
    await page.getByText('Version 2 by you').waitFor();
    await takePicture(page, 'documents-2-shown');
    expect(await seriousViolations(page)).toEqual([]);

    await button('Versions').click();
    await button('Show').first().click();
    await dialog().getByText('+- Tea: 4').waitFor();
    await takePicture(page, 'documents-3-versions');
    expect(await seriousViolations(page)).toEqual([]);
    await button('Restore').click();
    await page.getByText('Version 1 is restored as version 3').waitFor();
    await button('Close').click();
    await page.getByText('Tea: 3').waitFor();

    const [download] = await Promise.all([page.waitForEvent('download'), button('Download').click()]);
    expect(download.suggestedFilename()).toBe('Report.md');
    expect(await readFile(await download.path(), 'utf8')).toBe('# Prices\n\n- Tea: 3\n- Milk: 1');
  });

  test('that are saved elsewhere while a person writes lose neither text', async () => {
    await save('Tea: 3');
    await visit(page, `/tasks/${taskId}?tab=documents&document=Report`);
    await button('Edit text').click();
    await dialog().getByLabel('Text').fill('Tea: 3, mine');
    await save('Tea: 5, theirs');
    await page.keyboard.press('Escape');
    await button('Keep editing').click();
    await reload(page);
    await button('Edit text').click();
    await page.getByText('This is what you wrote last time').waitFor();
    expect(await dialog().getByLabel('Text').inputValue()).toBe('Tea: 3, mine');
    await button('Save').click();

    await dialog().getByText('This document was saved elsewhere').waitFor();
    await dialog().getByText('-Tea: 5, theirs').waitFor();
    await takePicture(page, 'documents-4-conflict');
    await button('Save yours as the next version').click();
    await page.getByText('Version 3 by you').waitFor();
    await page.getByText('Tea: 3, mine').waitFor();
    const before = await app.trpc.document.get.query({ taskId, name: 'Report', version: 2 });
    expect(before.content).toBe('Tea: 5, theirs');
  });

  test('appear while the page is open, and a brief leads to the one that it names', async () => {
    agent.next({
      body: {
        content: 'Looked',
        documents: [{ name: 'Report', content: 'Tea: **7**' }],
        briefs: [
          { type: 'insight', priority: 'normal', title: 'Tea is dearer', summary: '', document: 'Report' },
        ],
      },
    });
    await visit(page, `/tasks/${taskId}?tab=documents`);
    await page.getByText('No documents yet').waitFor();
    await app.trpc.task.run.mutate({ id: taskId });
    await page.getByText('Version 1 by the agent, run 1').waitFor();
    await takePicture(page, 'documents-5-list');

    const briefs = (await app.trpc.brief.list.query({ taskId })).items;
    const told = briefs.find(({ title }) => title === 'Tea is dearer');
    await visit(page, `/?brief=${told?.id}`);
    const card = page.getByRole('article').filter({ hasText: 'Tea is dearer' });
    await card.getByRole('link', { name: 'Report' }).click();
    await page.getByRole('article', { name: 'Report' }).waitFor();
    await page.getByText('Tea: 7').waitFor();
    await takePicture(page, 'documents-6-from-brief');
  });
});
