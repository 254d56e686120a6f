import { type PageServer, startPageServer } from '@everbeat/testkit';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { seriousViolations, sidewaysOverflow } from '../support/app/accessibility';
import type { App } from '../support/app/app';
import { isChromiumMissing, takePicture } from '../support/app/browser';
import { browserTests } from '../support/app/browserTests';
import { visit } from '../support/app/visit';

describe.skipIf(isChromiumMissing())('a watch is created from the preview of its page', () => {
  let app: App;
  let pages: PageServer;
  let page: Page;

  browserTests(
    {
      farSides: async () => ({ pages: await startPageServer() }),
      view: { height: 1_000 },
      sharesPage: true,
    },
    (world) => {
      ({ app, pages, page } = world);
    },
  );

  beforeAll(async () => {
    // The thread that reads pages takes long to start on a busy machine.
    pages.serve('Ready', '/ready');
    await app.trpc.agent.preview.mutate({ watch: { url: `${pages.url}/ready` } });
  });

  const dialog = () => page.getByRole('dialog');
  const preview = () => dialog().getByRole('region', { name: 'The page' });
  const part = (name: RegExp) => preview().getByRole('button', { name });
  const selector = () => dialog().getByLabel(/^Part of the page/);
  const bareAddress = (path: string) => `${pages.url}${path}`.replace('http://', '');

  async function typeAddress(path: string): Promise<void> {
    await visit(page, '/tasks?new=task');
    await dialog().getByLabel('What should be looked after?').fill(bareAddress(path));
    await preview().waitFor();
    expect(await dialog().getByLabel('What should be looked after?').inputValue()).toBe(pages.url + path);
  }

  async function createAndStart(): Promise<string> {
    await dialog().getByLabel('Every', { exact: true }).fill('1 second');
    await dialog().getByRole('button', { name: 'Create and start' }).click();
    await page.waitForURL(/\/tasks\/T-\d+$/);
    const identifier = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    await app.task(identifier, 'its first look', ({ topics }) =>
      topics.some(({ status }) => status === 'done'),
    );
    return identifier;
  }

  async function headline(identifier: string): Promise<string> {
    const { briefs } = await app.task(identifier, 'a brief', (task) => task.briefs.length > 0);
    return briefs[0]?.title ?? '';
  }

  let visits = 0;
  const shop = (price: string) => () => ({
    body: `<title>Enamel mug</title><header><nav><a href="/">Home</a></nav></header><main><h1>Enamel mug</h1>
      <p class="clock">It is ${new Date().toISOString()}, and you are visitor ${++visits}</p>
      <p><del class="old-price">€ 59.90</del> <b class="price">${price}</b></p>
      <table><caption>Sizes</caption><tr><td>Small</td><td>0.2 l</td></tr><tr><td>Large</td><td>0.4 l</td></tr></table>
      </main>`,
  });

  test('of the price on a noisy page, after selectors that find nothing were refused', async () => {
    pages.serve(shop('€ 49.90'), '/mug');
    await typeAddress('/mug');
    await preview().getByText('Enamel mug', { exact: true }).first().waitFor();
    await takePicture(page, 'create-watch-1-preview');
    await selector().fill('main >>');
    await dialog().getByRole('alert').filter({ hasText: 'is no CSS selector' }).waitFor();
    await selector().fill('.gone');
    await dialog().getByRole('alert').filter({ hasText: '0 matches' }).waitFor();
    await takePicture(page, 'create-watch-2-refused');

    await part(/^Price € 49\.90/).click();
    expect(await selector().inputValue()).toBe('.price');
    await preview().getByText('1 part of the page matches').waitFor();
    await preview()
      .getByLabel(/^Tell me only when it falls below/)
      .waitFor();
    expect(await dialog().getByLabel('What should the agent do?').count()).toBe(0);

    await dialog().getByRole('button', { name: 'Try it now' }).click();
    const trial = dialog().getByRole('status').filter({ hasText: 'It answered after' });
    await trial.getByText('€ 49.90').first().waitFor();
    expect(await trial.innerText()).not.toContain('you are visitor');
    expect((await app.trpc.task.list.query({})).items, 'nothing is saved').toEqual([]);
    await takePicture(page, 'create-watch-9-tried');
    expect(await seriousViolations(page)).toEqual([]);
    await takePicture(page, 'create-watch-3-price');
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await sidewaysOverflow(page)).toBe(0);
    await takePicture(page, 'create-watch-4-phone');
    await page.setViewportSize({ width: 1_280, height: 1_000 });

    const identifier = await createAndStart();
    pages.serve(shop('€ 44.90'), '/mug');
    expect(await headline(identifier)).toBe('Enamel mug: € 49.90 → € 44.90 (−10 %)');
    await page.getByRole('tab', { name: /^Linked tasks/ }).click();
    await page.getByRole('region', { name: 'Waits for' }).waitFor();
    expect(await page.getByRole('region', { name: 'Subtasks' }).count()).toBe(0);
  });

  const feed = (...titles: string[]) => ({
    headers: { 'content-type': 'application/rss+xml' },
    body: `<rss version="2.0"><channel><title>Harbour news</title>${titles
      .map((title) => `<item><guid>${title}</guid><title>${title}</title></item>`)
      .join('')}</channel></rss>`,
  });

  test('of a feed, by its items', async () => {
    pages.serve(feed('Ferry late'), '/feed');
    await typeAddress('/feed');
    await preview().getByText('A feed of 1 item').waitFor();
    await preview().getByText('Ferry late').waitFor();
    await takePicture(page, 'create-watch-5-feed');
    const identifier = await createAndStart();
    pages.serve(feed('Ferry back', 'Ferry late'), '/feed');
    expect(await headline(identifier)).toBe('Harbour news: New: Ferry back');
  });

  const stock = (price: string) => ({
    headers: { 'content-type': 'application/json' },
    body: `{"at":"${new Date().toISOString()}","items":[{"id":7,"price":${price}},{"id":8,"price":12.00}]}`,
  });

  test('of one value of JSON, by its path', async () => {
    pages.serve(() => stock('49.90'), '/stock');
    await typeAddress('/stock');
    await part(/^price 49\.90/).click();
    expect(await selector().inputValue()).toBe('$.items[?@.id==7].price');
    await preview().getByText('1 part of the page matches').waitFor();
    await takePicture(page, 'create-watch-6-json');
    const identifier = await createAndStart();
    pages.serve(() => stock('44.90'), '/stock');
    expect(await headline(identifier)).toMatch(/\/stock: 49\.90 → 44\.90 \(−10 %\)$/);
  });

  test('and not of one that cannot be read, which says why at once', async () => {
    pages.serve('<title>Just a moment...</title><p>Checking your browser</p>', '/wall');
    await visit(page, '/');
    await page.getByText('Watch another page').click();
    await page.getByLabel('Page address').fill(bareAddress('/wall'));
    await page.getByRole('status').filter({ hasText: 'a page against robots' }).waitFor();
    await takePicture(page, 'create-watch-7-refused');
    await page.getByLabel('Page address').fill(bareAddress('/mug'));
    await page.getByRole('region', { name: 'The page' }).waitFor();
    await takePicture(page, 'create-watch-8-quick');
  });
});
