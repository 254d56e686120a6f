import { type FakeHttpAgent, startFakeHttpAgent, type TestDatabase } from '@everbeat/testkit';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { seriousViolations, sidewaysOverflow } from '../support/app/accessibility';
import type { App } from '../support/app/app';
import { isChromiumMissing, takePicture } from '../support/app/browser';
import { browserTests } from '../support/app/browserTests';
import { eventually } from '../support/app/eventually';
import { reload, visit } from '../support/app/visit';

describe.skipIf(isChromiumMissing())('the list of tasks', () => {
  let app: App;
  let database: TestDatabase;
  let agent: FakeHttpAgent;
  let agentId: string;
  let page: Page;

  browserTests({ farSides: async () => ({ agent: await startFakeHttpAgent() }) }, (world) => {
    ({ app, database, agent, page } = world);
  });

  beforeAll(async () => {
    const config = { url: agent.url };
    agentId = (await app.trpc.agent.create.mutate({ name: 'Harbour master', kind: 'http', config })).id;
  });

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const create = (name: string, heartbeatInterval = 3_600) =>
    app.trpc.task.create.mutate({
      name,
      instruction: name,
      agentId,
      automationMode: 'heartbeat',
      heartbeatInterval,
    });
  const news = (title: string) => ({
    body: { content: title, briefs: [{ type: 'insight', priority: 'normal', title, summary: '' }] },
  });
  /** The name of the control that has the focus. */
  const focused = () =>
    expect.poll(() =>
      page.evaluate(() => {
        const { activeElement: control } = document;
        return (control?.getAttribute('aria-label') ?? control?.textContent ?? '').trim();
      }),
    );
  async function open(path: string): Promise<void> {
    await visit(page, path);
  }

  test('keeps a filter under a name, and leads the focus on with each step', async () => {
    await create('Count the ships');
    await open('/tasks');
    await page.getByRole('radio', { name: 'Not started' }).click();
    await button('Save this filter').click();
    await page.keyboard.press('Escape');
    await focused().toBe('Save this filter');
    await page.keyboard.press('Enter');
    await page.keyboard.type('To be started');
    await page.keyboard.press('Enter');
    await focused().toBe('To be started');
    expect(await seriousViolations(page)).toEqual([]);

    await open('/tasks');
    const saved = page.getByRole('list', { name: 'Saved filters' }).getByRole('link');
    expect(await saved.allInnerTexts()).toEqual(['To be started']);
    expect(await saved.first().getAttribute('aria-current')).toBeNull();
    await saved.first().click();
    await page.waitForURL('**/tasks?show=backlog');
    await page.locator('[aria-current="true"]', { hasText: 'To be started' }).waitFor();
    await takePicture(page, 'list-1-saved');

    const other = await app.trpc.savedFilter.save.mutate({ name: 'Without an order', query: 'sort=name' });
    expect(other).toHaveLength(2);
    await reload(page);
    await button('Remove the saved filter To be started').click();
    await focused().toBe('Remove the saved filter Without an order');
    await page.getByText('The filter To be started was removed').waitFor();
    await button('Undo').click();
    await saved.getByText('To be started').waitFor();
    for (const name of ['To be started', 'Without an order'])
      await button(`Remove the saved filter ${name}`).click();
    await saved.first().waitFor({ state: 'detached' });
    await focused().toBe('Save this filter');
    expect(await app.trpc.savedFilter.list.query()).toEqual([]);
  });

  /**
   * Presses the buttons that remove these filters, and goes on to another, before the server can have
   * answered.
   */
  const removeAtOnce = (names: string[], goesOnTo?: string) =>
    page.evaluate(
      ({ removed, next }) => {
        const control = (name = '') =>
          document.querySelector<HTMLElement>(`[aria-label="Remove the saved filter ${name}"]`);
        for (const name of removed) {
          control(name)?.focus();
          control(name)?.click();
        }
        control(next)?.focus();
      },
      { removed: names, next: goesOnTo },
    );
  const undo = (name: string) =>
    page
      .getByRole('listitem')
      .filter({ hasText: `The filter ${name} was removed` })
      .getByRole('button', { name: 'Undo' });

  test('offers each filter that was removed back, also after its page was left', async () => {
    for (const name of ['Ferries', 'Nets', 'Tides'])
      await app.trpc.savedFilter.save.mutate({ name, query: `q=${name}` });
    await open('/tasks');
    await removeAtOnce(['Ferries', 'Nets']);
    await focused().toBe('Remove the saved filter Tides');
    await page.getByRole('link', { name: 'Agents', exact: true }).first().click();
    await page.waitForURL('**/agents');
    for (const name of ['Ferries', 'Nets']) await undo(name).press('Enter');
    const names = async () => (await app.trpc.savedFilter.list.query()).map(({ name }) => name);
    await expect.poll(names).toEqual(['Ferries', 'Nets', 'Tides']);
  });

  test('leaves the focus where the person has moved it while a filter was removed', async () => {
    for (const name of ['Ferries', 'Nets'])
      await app.trpc.savedFilter.save.mutate({ name, query: `q=${name}` });
    await open('/tasks');
    const saved = page.getByRole('list', { name: 'Saved filters' }).getByRole('link');
    await removeAtOnce(['Ferries'], 'Nets');
    await saved.getByText('Ferries', { exact: true }).waitFor({ state: 'detached' });
    await undo('Ferries').waitFor();
    await focused().toBe('Remove the saved filter Nets');
    // Also when the list is drawn again after the focus has left it.
    await page.evaluate(() => {
      const { activeElement } = document;
      if (activeElement instanceof HTMLElement) activeElement.blur();
    });
    await undo('Ferries').dispatchEvent('click');
    await saved.getByText('Ferries', { exact: true }).waitFor();
    await undo('Ferries').waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('BODY');
  });

  test('says which task is slowed down, and the page of that task how it goes on', async () => {
    const { id, identifier } = await create('Watch the tides', 1);
    agent.next(news('High tide at nine'));
    await app.trpc.task.start.mutate({ id });
    // As if its news had lain unread for a hundred days.
    const longAgo = new Date(Date.now() - 100 * 86_400_000).toISOString();
    const slowed = async () => {
      await database.database.pool.query(
        `update everbeat.tasks set seen_at = $2::text::timestamptz,
           context = jsonb_set(context, '{scheduler,absence,since}', to_jsonb($2::text))
         where id = $1 and context -> 'scheduler' -> 'absence' is not null`,
        [id, longAgo],
      );
      return (await app.trpc.task.detail.query({ id })).context.scheduler.absence?.slowed;
    };
    await eventually(slowed, { what: 'its slower rhythm' });

    await open('/tasks');
    const row = page.getByRole('listitem').filter({ hasText: 'Watch the tides' });
    await row.getByText('less often, as nobody looks').waitFor();
    await takePicture(page, 'list-2-slowed');
    expect(await seriousViolations(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await sidewaysOverflow(page)).toBe(0);
    await takePicture(page, 'list-3-slowed-phone');

    await visit(page, `/tasks/${identifier}`);
    await page.getByText('This task is back to its own rhythm').waitFor();
    await takePicture(page, 'list-4-back');
    const { context, nextRunAt } = await app.trpc.task.detail.query({ id });
    expect(context.scheduler.absence?.slowed).toBeUndefined();
    expect(nextRunAt?.getTime() ?? 0).toBeLessThan(Date.now() + 60_000);
    await button('Always keep its rhythm').click();
    await page.getByText(`${identifier} keeps its rhythm`).waitFor();
    await page.getByText('This task is back to its own rhythm').waitFor({ state: 'detached' });
    expect((await app.trpc.task.detail.query({ id })).config.absence).toBe('keep');
    await app.trpc.task.pause.mutate({ id });
  });

  test('gets the focus back from the dialog of a new task and from the palette, whose keys are its own', async () => {
    for (const name of ['Paint the hulls', 'Mend the nets']) {
      const { id } = await create(name);
      agent.next(news(`News: ${name}`));
      await app.trpc.task.start.mutate({ id });
      await app.task(id, 'its news', ({ briefs }) => briefs.length > 0);
    }
    await open('/tasks');
    await page.getByRole('link', { name: 'Paint the hulls' }).focus();
    await page.keyboard.press('n');
    await page.getByRole('dialog', { name: 'New task' }).getByLabel('What should be looked after?').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await focused().toBe('Paint the hulls');

    await open('/?view=unread');
    const rows = page.getByRole('list', { name: 'Briefs' }).getByRole('listitem');
    await rows.getByRole('link').first().focus();
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: /^Find a task/ });
    await field.waitFor();
    await page.keyboard.type('je');
    expect(await field.inputValue()).toBe('je');
    await page.keyboard.press('Escape');
    await field.waitFor({ state: 'detached' });
    await focused().toContain('News: Mend the nets');
    await page.keyboard.press('j');
    await focused().toContain('News: Paint the hulls');
  });
});
