import type { Browser, Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import type { App } from '../support/app/app';
import { isChromiumMissing, openView, takePicture } from '../support/app/browser';
import { browserTests } from '../support/app/browserTests';
import { eventually } from '../support/app/eventually';
import { untilLive, visit } from '../support/app/visit';

/** A browser opens at most six connections to one host. */
const TABS = 8;
const PASSED_ON_MS_MAX = 2_000;

describe.skipIf(isChromiumMissing())('live pages', () => {
  let app: App;
  let browser: Browser;
  let taskId: string;
  let identifier: string;

  browserTests({}, (world) => {
    ({ app, browser } = world);
  });

  beforeEach(async () => {
    const task = await app.trpc.task.create.mutate({ name: 'Harbour', instruction: 'Count the ships' });
    [taskId, identifier] = [task.id, task.identifier];
  });

  const rename = (name: string) => app.trpc.task.update.mutate({ id: taskId, name });
  const shows = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 }).waitFor();
  const streams = async () => (await app.trpc.system.status.query()).liveStreams;
  const untilStreams = (count: number) =>
    eventually(async () => (await streams()) === count, { what: `${count} open streams` });

  async function open(page: Page): Promise<Page> {
    await visit(page, `/tasks/${identifier}`);
    return page;
  }

  /** As the browser tells a page whether it can be seen. */
  const setVisibility = (page: Page, state: 'visible' | 'hidden') =>
    page.evaluate((value) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => value });
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);

  test('eight tabs share one stream, and another takes it over from one that crashes or closes', async () => {
    const view = await openView(browser, app.url);
    const tabs = [await open(view.page)];
    while (tabs.length < TABS) tabs.push(await open(await view.page.context().newPage()));
    await rename('Quay');
    await Promise.all(tabs.map((tab) => shows(tab, 'Quay')));
    expect(await streams()).toBe(1);

    const eighth = tabs[TABS - 1] ?? view.page;
    await eighth.getByRole('button', { name: 'Start', exact: true }).waitFor();
    const answer = await eighth.evaluate(async () => (await fetch('/api/trpc/system.status')).status);
    expect(answer).toBe(200);

    // The first tab to open leads, then the second.
    const [first, second, ...others] = tabs;
    const crash = async (page: Page) => {
      const session = await page.context().newCDPSession(page);
      void session.send('Page.crash').catch(() => undefined);
      await page.waitForEvent('crash');
    };
    for (const [leader, end] of [
      [first, crash],
      [second, (page: Page) => page.close()],
    ] as const) {
      const rest = leader === first ? [second, ...others] : others;
      const takenOver = Promise.any(
        rest.map((tab) => tab?.waitForRequest((request) => request.url().includes('task.onEvent'))),
      );
      if (leader !== undefined) await end(leader);
      const endedAt = performance.now();
      await takenOver;
      expect(performance.now() - endedAt).toBeLessThan(PASSED_ON_MS_MAX);
      const name = `Pier ${rest.length}`;
      await rename(name);
      await Promise.all(rest.map((tab) => tab && shows(tab, name)));
      await untilStreams(1);
    }
    await view.close();
    await untilStreams(0);
  });

  test('a hidden tab has no stream, and knows what it missed when it is seen again', async () => {
    const view = await openView(browser, app.url);
    const [leader, other] = [await open(view.page), await open(await view.page.context().newPage())];
    await setVisibility(leader, 'hidden');
    await rename('Passed on');
    await shows(other, 'Passed on');
    await setVisibility(other, 'hidden');
    await untilStreams(0);

    await rename('While nobody looked');
    await setVisibility(leader, 'visible');
    await shows(leader, 'While nobody looked');
    await untilLive(leader);
    expect(await streams()).toBe(1);
    expect(view.complaints).toEqual([]);
    await view.close();
  });

  test('an offline browser says so, shows what it knew, refuses actions with words, and catches up', async () => {
    const view = await openView(browser, app.url);
    const page = view.page;
    // Visited before, so that the browser has all that it needs to show the list again.
    await visit(page, '/tasks');
    await page
      .getByRole('link', { name: /Harbour/ })
      .first()
      .click();
    await shows(page, 'Harbour');
    await untilLive(page);
    await page.context().setOffline(true);
    await page.getByText(/Offline: showing what was known at \d\d:\d\d/).waitFor();
    await takePicture(page, 'offline');
    await shows(page, 'Harbour');
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.getByText('This browser is offline, so nothing was sent').first().waitFor();
    await page.getByRole('link', { name: 'Tasks', exact: true }).first().click();
    await shows(page, 'Tasks');
    await page.getByText('This browser is offline').first().waitFor();

    await rename('Changed meanwhile');
    await page.context().setOffline(false);
    await page
      .getByRole('link', { name: /Changed meanwhile/ })
      .first()
      .waitFor();
    await untilLive(page);
    await view.close();
  });
});
