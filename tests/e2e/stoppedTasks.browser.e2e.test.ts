import { type FakeHttpAgent, startFakeHttpAgent } from '@everbeat/testkit';
import type { Page } from 'playwright-core';
import { describe, test } from 'vitest';
import type { App } from '../support/app/app';
import { isChromiumMissing, takePicture } from '../support/app/browser';
import { browserTests } from '../support/app/browserTests';
import { visit } from '../support/app/visit';

const REFUSED = { status: 401, body: { error: 'The key has expired' } };

describe.skipIf(isChromiumMissing())('tasks that are stopped until a person acts', () => {
  let app: App;
  let agent: FakeHttpAgent;
  let page: Page;

  browserTests({ farSides: async () => ({ agent: await startFakeHttpAgent() }) }, (world) => {
    ({ app, agent, page } = world);
  });

  /** A task whose agent's key is refused. Returns its identifier. */
  async function stoppedTask(name: string, agentId: string): Promise<string> {
    agent.next(REFUSED);
    const { id, identifier } = await app.trpc.task.create.mutate({
      name,
      instruction: name,
      agentId,
      automationMode: 'heartbeat',
      heartbeatInterval: 3_600,
    });
    await app.trpc.task.start.mutate({ id });
    await app.task(id, 'its pause', ({ status }) => status === 'paused');
    return identifier;
  }

  test('lead from their brief to the agent, and are resumed together when it is corrected', async () => {
    const { id: agentId } = await app.trpc.agent.create.mutate({
      name: 'Mail clerk',
      kind: 'http',
      config: { url: agent.url },
    });
    const identifiers = [await stoppedTask('Read the mail', agentId), await stoppedTask('Sort it', agentId)];
    await visit(page, '/');
    await page.getByText('The key has expired').first().waitFor();
    await takePicture(page, 'stopped-1-inbox');

    await page.getByRole('link', { name: 'Open the agent' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Edit Mail clerk' });
    await dialog.getByLabel('Name').fill('Mail clerk with a new key');
    await dialog.getByRole('button', { name: 'Save' }).click();
    const resume = page.getByRole('button', { name: 'Resume them' });
    await resume.waitFor();
    await takePicture(page, 'stopped-2-offer');
    await resume.click();

    for (const identifier of identifiers)
      await app.task(identifier, 'its recovery', ({ status, error }) => status === 'scheduled' && !error);
    await page.getByText('2 tasks were resumed.').waitFor();
  });

  test('are counted on the System page, which resumes them', async () => {
    const { id: agentId } = await app.trpc.agent.create.mutate({
      name: 'News clerk',
      kind: 'http',
      config: { url: agent.url },
    });
    const identifier = await stoppedTask('Read the news', agentId);
    await visit(page, '/system');
    await page.getByRole('link', { name: 'Stopped until you act' }).waitFor();
    await page.getByRole('button', { name: 'Resume all: Stopped until you act' }).click();

    await page.getByText('1 task was resumed.').waitFor();
    await app.task(identifier, 'its recovery', ({ status }) => status === 'scheduled');
    await page.getByText('Nothing needs you').waitFor();

    await visit(page, '/system#settings');
    await page.waitForFunction(() => window.scrollY > 0);
  });
});
