import { type PageServer, startPageServer } from '@everbeat/testkit';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { App } from '../support/app/app';
import { isChromiumMissing, takePicture } from '../support/app/browser';
import { browserTests } from '../support/app/browserTests';
import { visit } from '../support/app/visit';

const SHORTEST_SECONDS = 2;

describe.skipIf(isChromiumMissing())('a new user watches a page', () => {
  let app: App;
  let pages: PageServer;
  let page: Page;

  browserTests(
    {
      farSides: async () => ({ pages: await startPageServer() }),
      env: () => ({ HEARTBEAT_MIN_SECONDS: String(SHORTEST_SECONDS) }),
      // The browser logs the status of the interval that is refused.
      expects: /status of 400/,
    },
    (world) => {
      ({ app, pages, page } = world);
    },
  );

  const seen = (text: string | RegExp) => page.getByText(text).first().waitFor();
  const countdown = () => page.getByText('next run', { exact: true }).locator('..').innerText();

  test('and gets a brief about its change without reloading the application', async () => {
    pages.serve('<title>Ferry news</title><main><p>The ferry sails at 9</p></main>', '/ferry');
    await visit(page, '/');
    await page.getByRole('heading', { name: 'Start by watching a page' }).waitFor();
    await takePicture(page, 'new-user-1-empty-inbox');
    await page.evaluate(() => Object.assign(window, { isSameDocument: true }));

    await page.getByLabel('Page address').fill('no address');
    await page.getByRole('button', { name: 'Start watching' }).click();
    await seen('Enter the address of a page');
    await page.getByLabel('Page address').fill(`${pages.url}/ferry`);
    await page.getByRole('button', { name: 'Start watching' }).click();
    await seen('T-1 now watches the page');
    await takePicture(page, 'new-user-2-watching');

    await page.getByRole('button', { name: 'Open' }).click();
    await page.waitForURL('**/tasks/T-1');
    await page.getByRole('heading', { name: 'Ferry news', level: 1 }).waitFor();
    await seen('Watching Ferry news');
    await page.getByText('Scheduled', { exact: true }).first().waitFor();
    expect(await countdown()).toMatch(/in (\d+ (min|s)|1 h)/);

    await chooseInterval('1 second');
    await page
      .getByRole('alert')
      .filter({ hasText: `${SHORTEST_SECONDS}` })
      .waitFor();
    const refused = page.getByRole('dialog').getByLabel('Every', { exact: true });
    expect(await refused.getAttribute('aria-invalid')).toBe('true');
    await takePicture(page, 'new-user-3-refused-interval');
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Discard', exact: true }).click();
    await chooseInterval(`${SHORTEST_SECONDS} seconds`);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByText('#3').first().waitFor();
    await takePicture(page, 'new-user-4-task');

    await page
      .getByRole('navigation')
      .getByRole('link', { name: /^Inbox/ })
      .first()
      .click();
    await seen('All quiet');
    pages.serve('<title>Ferry news</title><main><p>The ferry sails at 10</p></main>', '/ferry');
    const brief = page
      .getByRole('article')
      .filter({ hasText: 'Ferry news: The ferry sails at 9 → The ferry sails at 10' });
    await brief.waitFor();
    await brief.getByText('-The ferry sails at 9').waitFor();
    await brief.getByText('+The ferry sails at 10').waitFor();
    await takePicture(page, 'new-user-5-brief');

    await page.getByRole('toolbar').getByRole('button', { name: 'Done' }).click();
    await brief.waitFor({ state: 'detached' });
    await seen('All quiet');
    // The page removes the brief before the server has answered.
    await page.getByRole('button', { name: 'Undo' }).waitFor();
    const briefs = await app.trpc.brief.list.query({ taskId: 'T-1' });
    expect(briefs.items).toMatchObject([{ type: 'insight', resolvedAction: 'acknowledge' }]);

    expect(await page.evaluate(() => 'isSameDocument' in window)).toBe(true);
  });

  async function chooseInterval(every: string): Promise<void> {
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Every', { exact: true }).fill(every);
    await dialog.getByRole('button', { name: 'Save' }).click();
  }
});
