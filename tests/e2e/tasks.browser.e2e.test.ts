import { type FakeHttpAgent, startFakeHttpAgent } from '@everbeat/testkit';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, test } from 'vitest';
import type { App } from '../support/app/app';
import { isChromiumMissing, takePicture, type View } from '../support/app/browser';
import { browserTests } from '../support/app/browserTests';
import { visit } from '../support/app/visit';

describe.skipIf(isChromiumMissing())('in the browser', () => {
  let app: App;
  let agent: FakeHttpAgent;
  let view: View;
  let page: Page;

  browserTests({ farSides: async () => ({ agent: await startFakeHttpAgent() }) }, (world) => {
    ({ app, agent, view, page } = world);
  });

  afterEach(() => agent.release());

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  const status = (label: string) =>
    page.getByRole('main').getByText(label, { exact: true }).first().waitFor();
  const confirm = async (action: string) => {
    const dialog = page.getByRole('alertdialog');
    await dialog.getByRole('button', { name: action }).click();
    await dialog.waitFor({ state: 'detached' });
  };

  async function createTask(name: string): Promise<string> {
    const config = { url: agent.url };
    const { id } = await app.trpc.agent.create.mutate({ name: `Agent of ${name}`, kind: 'http', config });
    const task = await app.trpc.task.create.mutate({
      name,
      instruction: `See to ${name}`,
      agentId: id,
      automationMode: 'heartbeat',
      heartbeatInterval: 3_600,
    });
    return task.identifier;
  }

  test('an agent is created, tested and deleted', async () => {
    agent.next({ body: { content: 'At **your** service' } });
    await visit(page, '/agents');
    await button('New agent').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Harbour clerk');
    await dialog.getByRole('radio', { name: 'HTTP' }).click();
    await takePicture(page, 'agent-1-new');
    await dialog.getByRole('button', { name: 'Create agent' }).click();
    await dialog.getByRole('alert').first().waitFor();
    await dialog.getByLabel('Address').fill(agent.url);
    await dialog.getByRole('button', { name: 'Create agent' }).click();
    await dialog.waitFor({ state: 'detached' });

    const card = page.getByRole('main').getByRole('listitem').filter({ hasText: 'Harbour clerk' });
    await card.getByRole('button', { name: 'Test' }).click();
    await button('Run a trial').click();
    await dialog.getByText('It answered').waitFor();
    await dialog.getByText('At your service').waitFor();
    await takePicture(page, 'agent-2-tried');
    await button('Close').click();
    await dialog.waitFor({ state: 'detached' });

    await card.getByRole('button', { name: 'Delete Harbour clerk' }).click();
    await confirm('Delete agent');
    await card.waitFor({ state: 'detached' });
    expect(await app.trpc.agent.list.query()).not.toContainEqual(
      expect.objectContaining({ name: 'Harbour clerk' }),
    );
  });

  test('a task is created with the keyboard alone', async () => {
    await visit(page, '/tasks');
    await page.keyboard.press('n');
    await page.getByRole('dialog', { name: 'New task' }).getByLabel('What should be looked after?').waitFor();
    await page.keyboard.type('example.com/harbour');
    await takePicture(page, 'keyboard-1-new-task');
    await tabTo('Name (optional)');
    await page.keyboard.type('Count the ships in the harbour');
    await tabTo('Only create');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/tasks\/T-\d+$/);
    await page.getByRole('heading', { name: 'Count the ships in the harbour', level: 1 }).waitFor();
    await status('Not started');

    await tabTo('More actions');
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Delete task' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    expect(await focusedName()).toBe('More actions');
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.waitForURL('**/agents');
  });

  test('a task is started, run, stopped, paused, resumed, canceled and deleted', async () => {
    const identifier = await createTask('The harbour round');
    await visit(page, `/tasks/${identifier}`);
    agent.hold();
    await button('Start').click();
    await status('Running');
    await button('Stop and pause').click();
    await status('Paused');
    await page.getByText('You stopped the last run').waitFor();
    agent.release();
    await button('Resume').click();
    await page.getByText('Done', { exact: true }).first().waitFor();
    await status('Scheduled');

    await chooseAction('Run with words of yours');
    await page.getByLabel(/Anything to add/).fill('Mind the fog');
    await page.getByRole('dialog').getByRole('button', { name: 'Run now' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('heading', { name: /^#3/ }).waitFor();
    expect(agent.calls.at(-1)?.prompt).toContain('Mind the fog');

    await chooseAction('Pause with a reason');
    await page.getByLabel('Reason (optional)').fill('Over the holidays');
    await page.getByRole('dialog').getByRole('button', { name: 'Pause', exact: true }).click();
    await status('Paused');
    await page.getByText('Over the holidays').waitFor();
    await chooseAction('Cancel task');
    await confirm('Cancel task');
    await status('Canceled');
    await takePicture(page, 'task-1-canceled');
    await chooseAction('Delete task');
    await confirm('Delete task');
    await page.waitForURL('**/tasks');
    await page.getByText(`${identifier} was deleted`).waitFor();
    await expect(app.trpc.task.detail.query({ id: identifier })).rejects.toMatchObject({
      data: { code: 'NOT_FOUND' },
    });
  });

  test('a task that was to wait for another is started when it waits no longer', async () => {
    const [first, second] = [await createTask('Casting off'), await createTask('Sailing')];
    await app.trpc.task.addDependency.mutate({ id: second, dependsOnId: first });
    await visit(page, `/tasks/${second}`);
    await page.getByRole('tab', { name: /^Linked tasks/ }).click();
    await button(`Stop waiting for ${first}`).click();
    await page.getByText(`${second} waits for no other task any more`).waitFor();
    await takePicture(page, 'task-2-waits-no-longer');
    await button('Start it').click();
    await status('Scheduled');
  });

  test('a transcript is shown, and a comment is added that the next prompt contains', async () => {
    const identifier = await createTask('The log book');
    agent.next({ body: { title: 'A quiet night', content: 'Nothing **moved** at all.' } });
    await app.trpc.task.start.mutate({ id: identifier });
    await visit(page, `/tasks/${identifier}`);
    await page.getByRole('heading', { name: 'A quiet night' }).waitFor();
    await button('Show the transcript').click();
    await page.getByText('See to The log book').last().waitFor();
    await page.getByText('Nothing moved at all.').last().waitFor();
    await takePicture(page, 'task-2-transcript');

    await page.getByRole('tab', { name: /^Comments/ }).click();
    await page.getByLabel('Add a comment').fill('Look *twice* at the pier');
    await button('Comment').click();
    await page.getByText('Look twice at the pier').waitFor();
    await takePicture(page, 'task-3-comment');
    const calls = agent.calls.length;
    await app.trpc.task.run.mutate({ id: identifier });
    expect((await agent.called(calls + 1)).prompt).toContain('Look *twice* at the pier');
  });

  test('runs and ledger entries beyond the newest 20 are shown on request', async () => {
    const identifier = await createTask('The old log book');
    const runOnce = async (number: number) => {
      await app.trpc.task.run.mutate({ id: identifier });
      const hasEnded = (topic: { number: number; status: string }) =>
        topic.number === number && topic.status === 'done';
      await app.task(identifier, `the end of run ${number}`, ({ topics }) => topics.some(hasEnded));
    };
    const run = (number: number) => page.getByRole('heading', { name: `#${number} ok`, exact: true });
    for (let number = 1; number <= 22; number += 1) await runOnce(number);
    await visit(page, `/tasks/${identifier}`);
    await page.getByText('The newest 20 of 22 runs.').waitFor();
    await page.getByText('19 runs that reported the same').waitFor();

    await button('Show older runs').click();
    await page.getByText('21 runs that reported the same').waitFor();
    expect(await button('Show older runs').count()).toBe(0);
    await button('Show them').click();
    await run(1).waitFor();
    await takePicture(page, 'task-4-older-runs');
    await runOnce(23);
    await run(23).waitFor();

    // A link leads to a run, however far back it is.
    await visit(page, `/tasks/${identifier}?run=2`);
    await page.getByRole('heading', { name: 'Run #2' }).waitFor();
    await button('Show the transcript').click();
    await page.getByText('Prompt', { exact: true }).waitFor();

    await page.getByRole('tab', { name: 'History' }).click();
    const entries = page.getByRole('region', { name: 'Scheduled runs' }).getByRole('listitem');
    expect(await entries.count()).toBe(20);
    await button('Show older entries').click();
    await entries.nth(22).waitFor();
    await takePicture(page, 'task-5-older-entries');
  });

  test('System leads to the tasks that need a person, and the title names what waits', async () => {
    const fused = await createTask('The broken crane');
    for (let failure = 0; failure < 3; failure += 1) {
      agent.next({ body: { status: 'error', content: '', errorMessage: 'The cable snapped' } });
    }
    await app.trpc.task.start.mutate({ id: fused });
    for (const failures of [1, 2, 3]) {
      const failed = await app.task(
        fused,
        `its failure ${failures}`,
        ({ context }) => context.scheduler.consecutiveFailures === failures,
      );
      const { tickToken } = failed.context.scheduler;
      if (tickToken !== null) await app.trpc.task.update.mutate({ id: fused, heartbeatInterval: failures });
    }
    await visit(page, '/system');
    await page.getByText('Why runs failed').first().waitFor();
    await takePicture(page, 'system-1-needs-you');
    await page.getByRole('link', { name: 'Paused after failures' }).click();
    await page.getByRole('link', { name: 'The broken crane' }).waitFor();
    expect(await page.getByRole('main').getByRole('listitem').getByRole('link').count()).toBe(1);
    await takePicture(page, 'system-2-list');
    await button('Remove the filter Paused after failures').click();
    await page.getByRole('link', { name: 'The log book' }).waitFor();

    await visit(page, `/tasks/${fused}`);
    await expect.poll(() => page.title()).toMatch(/^\(\d+\) The broken crane · T-\d+$/);
  });

  test('the page of an unknown task says so', async () => {
    await page.goto('/tasks/T-999');
    await page.getByText('There is no task T-999').waitFor();
    expect(view.complaints.every((text) => text.includes('status of 404'))).toBe(true);
    view.complaints.length = 0;
  });

  async function chooseAction(name: string): Promise<void> {
    await button('More actions').click();
    await page.getByRole('menuitem', { name }).click();
  }

  const focusedName = (): Promise<string> =>
    page.evaluate(() => {
      const focused = document.activeElement;
      const label = focused instanceof HTMLInputElement ? focused.labels?.[0] : undefined;
      return focused?.getAttribute('aria-label') ?? (label ?? focused)?.textContent?.trim() ?? '';
    });

  /** Presses Tab until the control of this name has the focus. */
  async function tabTo(name: string): Promise<void> {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab');
      if ((await focusedName()) === name) return;
    }
    throw new Error(`"${name}" cannot be reached with Tab`);
  }
});
