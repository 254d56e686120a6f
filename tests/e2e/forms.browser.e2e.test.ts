import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { seriousViolations, sidewaysOverflow } from '../support/app/accessibility';
import type { App } from '../support/app/app';
import { isChromiumMissing, takePicture } from '../support/app/browser';
import { browserTests } from '../support/app/browserTests';
import { reload, visit } from '../support/app/visit';

describe.skipIf(isChromiumMissing())('what is typed into a form', () => {
  let app: App;
  let page: Page;

  // The browser logs the status of a refused edit.
  browserTests({ view: { height: 860 }, expects: /status of 409/ }, (world) => {
    ({ app, page } = world);
  });

  const dialogOf = (on: Page) => on.getByRole('dialog');
  const button = (on: Page, name: string) => on.getByRole('button', { name, exact: true });

  async function openNewTask(): Promise<void> {
    await visit(page, '/tasks?new=task');
    await dialogOf(page).getByLabel('What should be looked after?').waitFor();
  }

  async function openEdit(on: Page, identifier: string): Promise<void> {
    await visit(on, `/tasks/${identifier}`);
    await button(on, 'Edit').click();
    await dialogOf(on).getByLabel('Name (optional)').waitFor();
  }

  test('is not thrown away by Escape or a click beside the dialog, survives a reload, and is sent by Ctrl+Enter', async () => {
    await openNewTask();
    await button(page, 'Close').click();
    await dialogOf(page).waitFor({ state: 'detached' });

    await openNewTask();
    const name = dialogOf(page).getByLabel('Name (optional)');
    await name.fill('Count the ships in the harbour');
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog', { name: 'Discard what you wrote?' }).waitFor();
    await takePicture(page, 'forms-1-discard');
    await button(page, 'Keep editing').click();
    await page.getByRole('alertdialog').waitFor({ state: 'detached' });
    await page.mouse.click(20, 400);
    await button(page, 'Keep editing').click();
    expect(await name.inputValue()).toBe('Count the ships in the harbour');

    await reload(page);
    await page.getByText('This is what you wrote last time').waitFor();
    expect(await name.inputValue()).toBe('Count the ships in the harbour');
    await takePicture(page, 'forms-2-restored');
    await dialogOf(page).getByLabel('What should be looked after?').fill('http://127.0.0.1:9/');
    await name.press('Control+Enter');
    await page.waitForURL(/\/tasks\/T-\d+$/);
    await openNewTask();
    expect(await name.inputValue()).toBe('');
  });

  test('is gone when the person discards it', async () => {
    await openNewTask();
    await dialogOf(page).getByLabel('Name (optional)').fill('Harbour');
    await page.keyboard.press('Escape');
    await button(page, 'Discard').click();
    await dialogOf(page).waitFor({ state: 'detached' });
    await openNewTask();
    expect(await dialogOf(page).getByLabel('Name (optional)').inputValue()).toBe('');
    expect(await page.getByText('This is what you wrote last time').count()).toBe(0);
  });

  test('of a new agent is restored without its secrets', async () => {
    await visit(page, '/agents');
    await button(page, 'New agent').click();
    await dialogOf(page).getByLabel('Name').fill('Clerk');
    await dialogOf(page).getByRole('radio', { name: 'HTTP' }).click();
    await dialogOf(page).getByLabel('Headers (optional)').fill('Authorization: Bearer hidden-in-the-harbour');
    await reload(page);
    await button(page, 'New agent').click();
    await page.getByText('This is what you wrote last time').waitFor();
    expect(await dialogOf(page).getByLabel('Name').inputValue()).toBe('Clerk');
    expect(await dialogOf(page).getByLabel('Headers (optional)').inputValue()).toBe('');
    const stored = await page.evaluate(() => JSON.stringify(localStorage));
    expect(stored).toContain('Clerk');
    expect(stored).not.toContain('hidden-in-the-harbour');
  });

  test('is beside buttons that stay in sight, on a screen of 860 px and on a phone', async () => {
    await openNewTask();
    await page.getByText('More settings').click();
    for (const size of [
      { width: 1_280, height: 860 },
      { width: 390, height: 700 },
    ]) {
      await page.setViewportSize(size);
      const box = await button(page, 'Create and start').boundingBox();
      expect(box?.y ?? size.height).toBeLessThan(size.height - 30);
      expect(await sidewaysOverflow(page)).toBe(0);
      await takePicture(page, `forms-3-footer-${size.width}`);
    }
  });

  test('names a page that is watched already, asks for one that is missing, and starts nothing that must fail', async () => {
    const watched = await app.trpc.task.create.mutate({
      name: 'Harbour news',
      instruction: 'Watch',
      automationMode: 'heartbeat',
      heartbeatInterval: 3_600,
      config: { watch: { url: 'https://example.com/harbour' } },
    });
    await app.trpc.agent.create.mutate({ name: 'Thinker', kind: 'model', config: { model: 'some-model' } });
    await openNewTask();
    await button(page, 'Create and start').click();
    const address = dialogOf(page).getByLabel('What should be looked after?');
    await page.getByRole('alert').filter({ hasText: 'Enter the address of the page' }).waitFor();
    expect(await address.getAttribute('aria-invalid')).toBe('true');
    await address.fill('example.com/harbour/');
    await dialogOf(page).getByText(`${watched.identifier} Harbour news`).waitFor();
    await takePicture(page, 'forms-6-watched-already');

    await dialogOf(page)
      .getByLabel('Agent', { exact: true })
      .selectOption({ label: 'Thinker (model) – cannot run yet' });
    await dialogOf(page).getByText('There is no key for OpenAI').waitFor();
    await dialogOf(page).getByLabel('What should be looked after?').fill('Tell me of new ferries.');
    await button(page, 'Create and start').click();
    await page.getByRole('alert').filter({ hasText: 'This agent cannot run yet' }).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await takePicture(page, 'forms-7-cannot-run');
    await button(page, 'Only create').click();
    await page.getByRole('heading', { name: 'Tell me of new ferries', level: 1 }).waitFor();
    await visit(page, '/agents');
    await page.getByText('This agent cannot run yet').waitFor();
    await takePicture(page, 'forms-8-agents');
  });

  test('in two tabs that edit one task takes effect in both, where the fields differ', async () => {
    const { identifier } = await app.trpc.task.create.mutate({
      name: 'Boats',
      instruction: 'Count the boats',
    });
    const other = await page.context().newPage();
    await openEdit(page, identifier);
    await openEdit(other, identifier);
    await dialogOf(page).getByLabel('Name (optional)').fill('Ferries');
    await button(page, 'Save').click();
    await dialogOf(page).waitFor({ state: 'detached' });
    await dialogOf(other).getByLabel('What should the agent do?').fill('Count the ferries');
    await button(other, 'Save').click();
    await dialogOf(other).waitFor({ state: 'detached' });
    expect(await app.trpc.task.detail.query({ id: identifier })).toMatchObject({
      name: 'Ferries',
      instruction: 'Count the ferries',
    });

    await visit(page, `/tasks/${identifier}?tab=history`);
    const edits = page
      .getByRole('region', { name: 'Changes' })
      .getByRole('listitem')
      .filter({ hasText: 'You edited it' });
    await edits.getByText('Ferries', { exact: true }).waitFor();
    expect(await edits.locator('dl').allInnerTexts()).toEqual([
      expect.stringMatching(/^Instruction:\s*Count the boats\s*→.*Count the ferries$/s),
      expect.stringMatching(/^Name:\s*Boats\s*→.*Ferries$/s),
    ]);
    expect(await edits.locator('del').allInnerTexts()).toEqual(['Count the boats', 'Boats']);
    await takePicture(page, 'forms-9-history');
  });

  test('in two tabs that change the same fields is shown side by side, to choose from', async () => {
    const { identifier } = await app.trpc.task.create.mutate({
      name: 'Boats',
      instruction: 'Count the boats',
      config: { retention: { runs: 50 } },
    });
    await openEdit(page, identifier);
    await app.trpc.task.update.mutate({ id: identifier, name: 'Ferries', instruction: 'Count the ferries' });
    await dialogOf(page).getByLabel('Name (optional)').fill('Ships');
    await dialogOf(page).getByLabel('What should the agent do?').fill('Count the ships');
    await page.getByText('More settings').click();
    await dialogOf(page).getByLabel('Priority').selectOption('High');
    await button(page, 'Save').click();

    await page.getByText('This task was saved elsewhere').waitFor();
    const name = page.getByRole('group', { name: 'Name', exact: true });
    await name.getByText('Ferries').waitFor();
    await name.getByText('Ships').waitFor();
    expect(await page.getByRole('group', { name: 'Priority' }).count()).toBe(0);
    expect(await seriousViolations(page)).toEqual([]);
    await takePicture(page, 'forms-4-conflict');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await seriousViolations(page)).toEqual([]);
    expect(await sidewaysOverflow(page)).toBe(0);
    await takePicture(page, 'forms-5-conflict-phone');

    await name.getByRole('radio', { name: 'Saved meanwhile' }).check();
    await button(page, 'Save this choice').click();
    await dialogOf(page).waitFor({ state: 'detached' });
    expect(await app.trpc.task.detail.query({ id: identifier })).toMatchObject({
      name: 'Ferries',
      instruction: 'Count the ships',
      priority: 2,
      config: { retention: { runs: 50 } },
    });
  });
});
