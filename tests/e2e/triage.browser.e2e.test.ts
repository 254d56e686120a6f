import { type FakeHttpAgent, startFakeHttpAgent } from '@everbeat/testkit';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { seriousViolations, sidewaysOverflow } from '../support/app/accessibility';
import type { App } from '../support/app/app';
import {
  isChromiumMissing,
  openView,
  takePicture,
  type View,
  type ViewOptions,
} from '../support/app/browser';
import { browserTests } from '../support/app/browserTests';
import { visit } from '../support/app/visit';

/** The page follows at its own pace. */
const soon = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 20_000 });

interface NewBrief {
  type: 'decision' | 'insight' | 'error';
  priority: 'urgent' | 'normal' | 'info';
  title: string;
  summary?: string;
  actions?: { key: string; label: string }[];
  expiry?: { action: string; afterSeconds: number };
}

describe.skipIf(isChromiumMissing())('a person works through the inbox', () => {
  let app: App;
  let agent: FakeHttpAgent;
  /** Of the tasks that ask: what answers wake takes no answer from the others. */
  let asking: FakeHttpAgent;
  let browser: Browser;
  let view: View;
  let page: Page;
  let agentIds: { tells: string; asks: string };

  browserTests(
    { farSides: async () => ({ agent: await startFakeHttpAgent(), asking: await startFakeHttpAgent() }) },
    (world) => {
      ({ app, agent, asking, browser } = world);
    },
  );

  beforeAll(async () => {
    const create = async (name: string, { url }: FakeHttpAgent) =>
      (await app.trpc.agent.create.mutate({ name, kind: 'http', config: { url } })).id;
    agentIds = {
      tells: await create('Harbour master', agent),
      asks: await create('Captain', asking),
    };
  });

  afterEach(async () => {
    await view.close();
    expect(view.complaints).toEqual([]);
  });

  async function open(path: string, options: ViewOptions = {}): Promise<void> {
    view = await openView(browser, app.url, options);
    page = view.page;
    await visit(page, path);
  }

  /** A task whose run leaves these briefs. */
  async function told(name: string, ...briefs: NewBrief[]) {
    const asks = briefs.some(({ type }) => type === 'decision');
    const agentId = asks ? agentIds.asks : agentIds.tells;
    const body = { content: name, briefs: briefs.map((brief) => ({ summary: '', ...brief })) };
    (asks ? asking : agent).next({ body });
    const task = await app.trpc.task.create.mutate({
      name,
      instruction: name,
      agentId,
      automationMode: 'heartbeat',
      heartbeatInterval: 3_600,
    });
    await app.trpc.task.start.mutate({ id: task.id });
    await app.task(task.id, 'its briefs', (seen) => seen.briefs.length >= briefs.length);
    return task;
  }
  const news = (title: string): NewBrief => ({ type: 'insight', priority: 'normal', title });

  const rows = () => page.getByRole('list', { name: 'Briefs' }).getByRole('listitem');
  const row = (text: string): Locator => rows().filter({ hasText: text });
  const shown = (title: string) => page.getByRole('article').filter({ hasText: title }).waitFor();
  const tab = (name: string) => page.getByRole('tab', { name });
  const says = (text: string | RegExp) => page.getByText(text).first().waitFor();
  /** The key of a shortcut; afterwards, something of the page has the focus. */
  async function press(key: string): Promise<void> {
    await page.keyboard.press(key);
    await soon(() => page.evaluate(() => document.activeElement !== document.body)).toBe(true);
  }
  const focused = (text: string) =>
    soon(() => page.evaluate(() => document.activeElement?.textContent)).toContain(text);
  const unread = async () => {
    const { items } = await app.trpc.inbox.list.query({ view: 'unread' });
    return items.map(({ title }) => title);
  };
  const expectAccessible = async () => {
    expect(await seriousViolations(page)).toEqual([]);
    expect(await sidewaysOverflow(page)).toBe(0);
  };

  test('with the keyboard alone', async () => {
    const approval = await told('Paint the hulls', {
      type: 'decision',
      priority: 'urgent',
      title: 'Paint them red?',
    });
    const actions = ['Sail', 'Stay'].map((label) => ({ key: label.toLowerCase(), label }));
    const choice = await told('Bring the ferry over', {
      type: 'decision',
      priority: 'urgent',
      title: 'Sail in this fog?',
      actions,
      expiry: { action: 'stay', afterSeconds: 86_400 },
    });
    const arrivals = await told('Arrivals', news('The Anna came in'), news('The Berta came in'));
    await told('Tides', news('High tide at nine'));
    await told('Prices', news('Diesel is dearer'), { ...news('Note on ropes'), priority: 'info' });

    await open('/');
    await shown('Sail in this fog?');
    await row('Sail in this fog?')
      .getByText(/^Answers itself “Stay” tomorrow/)
      .waitFor();
    expect(await tab('Waiting for you').innerText()).toContain('2');
    await soon(() => page.title()).toMatch(/^\(2\) /);
    await soon(() => page.locator('link[rel~="icon"]').first().getAttribute('href')).toMatch(/^data:/);
    await takePicture(page, 'triage-1-waiting');

    await press('j');
    await press('k');
    await focused('Sail in this fog?');
    await press('j');
    await focused('Paint them red?');
    await shown('Paint them red?');
    await soon(() => page.title()).toBe('(2) Paint the hulls · Everbeat');
    await press('e');
    await says('A question is left');
    await press('a');
    await focused('Sail in this fog?');
    await press('z');
    await says('Taken back: Approved');
    await focused('Paint them red?');
    await press('j');
    await shown('Paint them red?');
    await press('a');
    await focused('Sail in this fog?');
    await press('2');
    const answered = (task: { id: string }, action: string) =>
      app.task(task.id, 'its answer', ({ briefs }) =>
        briefs.some(({ resolvedAction }) => resolvedAction === action),
      );
    await Promise.all([answered(approval, 'approve'), answered(choice, 'stay')]);

    // What waited is answered, so the page shows what is unread.
    await shown('Note on ropes');
    await takePicture(page, 'triage-2-unread');
    await expectAccessible();
    await press('j');
    await press('x');
    await press('j');
    await press('Shift+X');
    await says('2 selected');
    const before = await rows().count();
    await press('e');
    await soon(() => rows().count()).toBe(before - 2);
    await says('2 rows');
    await press('z');
    await soon(() => rows().count()).toBe(before);

    await row('Arrivals').getByRole('link').focus();
    await page.keyboard.press('Enter');
    await shown('The Berta came in');
    await press('Escape');
    await focused('2 changes since');
    await press('s');
    const menu = page.getByRole('menu', { name: 'Snooze until' });
    await menu.getByRole('menuitem', { name: /^Tomorrow/ }).waitFor();
    await takePicture(page, 'triage-3-snooze');
    await soon(() => page.evaluate(() => document.activeElement?.textContent)).toMatch(/^1 hour/);
    await page.keyboard.press('Enter');
    await menu.waitFor({ state: 'detached' });
    await row('Arrivals').waitFor({ state: 'detached' });
    await soon(() => tab('Snoozed').innerText()).toContain('2');
    await soon(() => page.evaluate(() => document.activeElement !== document.body)).toBe(true);
    const snoozed = await app.trpc.inbox.list.query({ view: 'snoozed' });
    expect(snoozed.items).toMatchObject([{ taskId: arrivals.id, count: 2 }]);

    const first = await rows().first().innerText();
    const storm = 'Storm on Friday: close the port?';
    await told('Weather', { type: 'decision', priority: 'urgent', title: storm });
    await page.getByRole('button', { name: '1 new' }).waitFor();
    expect(await rows().first().innerText()).toBe(first);
    await takePicture(page, 'triage-4-new');
    await page.getByRole('button', { name: '1 new' }).click();
    await row(storm).waitFor();
    await row(storm).getByRole('link').focus();
    await page.keyboard.press('Enter');
    await soon(unread).not.toContain(storm);
    expect(await row(storm).count(), 'what was read stays while it is shown').toBe(1);
    await press('a');
    await says('Approved');
    await row(storm).waitFor({ state: 'detached' });
    await press('m');
    await says('Muted');
    expect(await row(storm).count(), 'what was answered has left').toBe(0);
    await row('Prices').first().getByRole('link').focus();
    await page.keyboard.press('Enter');
    await press('Shift+E');
    await row('Prices').first().waitFor({ state: 'detached' });
    await shown('High tide at nine');
    await page.getByRole('button', { name: 'Mark unread' }).waitFor();
    await press('u');
    await soon(unread).toContain('High tide at nine');

    await press('/');
    await page.keyboard.type('jexz tide');
    await says('No matching briefs');
    await page.getByRole('searchbox', { name: 'Search briefs' }).fill('tide');
    await row('High tide at nine').waitFor();
    await soon(() => page.url()).toContain('q=tide');
    await page.getByRole('button', { name: 'Clear filters' }).click();

    await row('High tide at nine').getByRole('link').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: /^Only T-/ }).click();
    await says('Task: Tides');
    await soon(() => page.url()).toMatch(/[?&]task=T-\d+/);
    await page.getByRole('button', { name: 'Show the briefs of all tasks' }).click();
    await soon(() => page.url()).not.toContain('task=');
    await row('High tide at nine').getByRole('link').focus();
    await page.keyboard.press('Enter');
    await press('Escape');
    await focused('High tide at nine');
    await press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await help.getByText('Select all rows up to this one').waitFor();
    await takePicture(page, 'triage-5-help');
    await expectAccessible();
    const singleKeys = help.getByLabel(/^Use shortcuts of single keys/);
    await singleKeys.uncheck();
    await press('Escape');
    await help.waitFor({ state: 'detached' });
    await press('?');
    await press('Control+k');
    expect(await help.count(), 'a single key does nothing').toBe(0);
    await page.getByRole('option', { name: /Keyboard shortcuts/ }).click();
    await singleKeys.check();
    await press('Escape');
    await help.waitFor({ state: 'detached' });
    await press('Control+k');
    await page.getByRole('combobox', { name: /^Find a task/ }).fill('ferry');
    await page.getByRole('option', { name: /Bring the ferry over/ }).waitFor();
    await takePicture(page, 'triage-6-palette');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/tasks/${choice.identifier}`);
    await page.getByRole('heading', { name: 'Bring the ferry over', level: 1 }).waitFor();
    await soon(() => page.evaluate(() => document.activeElement !== document.body)).toBe(true);
  });

  test('on a phone, with a finger', async () => {
    const one = await told('Lamps', news('A lamp is out'));
    await told('Ropes', news('A rope is worn'));
    await told('Buoys', news('A buoy is adrift'));
    await open('/?view=unread', { width: 390, height: 844, colorScheme: 'dark', hasTouch: true });
    await row('A lamp is out').waitFor();
    await takePicture(page, 'triage-phone-1-list');
    await expectAccessible();
    expect(await page.getByRole('article').filter({ visible: true }).count()).toBe(0);

    await row('A lamp is out').getByRole('link').tap();
    await shown('A lamp is out');
    await takePicture(page, 'triage-phone-2-brief');
    await expectAccessible();
    const permalink = page.url();
    await page.getByRole('button', { name: 'Inbox', exact: true }).tap();
    await row('A lamp is out').waitFor();

    await swipe(row('A lamp is out'), 200);
    await row('A lamp is out').waitFor({ state: 'detached' });
    await swipe(row('A rope is worn'), -200);
    await page.getByRole('menuitem', { name: /^1 hour/ }).tap();
    await row('A rope is worn').waitFor({ state: 'detached' });
    await row('A buoy is adrift').getByRole('button', { name: /^Done/ }).tap();
    await row('A buoy is adrift').waitFor({ state: 'detached' });
    await page
      .getByRole('listitem')
      .filter({ hasText: 'A buoy is adrift' })
      .getByRole('button', { name: 'Undo' })
      .tap();
    await row('A buoy is adrift').waitFor();

    const { briefs } = await app.trpc.task.detail.query({ id: one.id });
    expect(briefs).toMatchObject([{ resolvedAction: 'acknowledge' }]);
    await visit(page, permalink);
    await shown('A lamp is out');
  });

  /**
   * Draws a finger over an element, so many pixels to the right, or to the left. It rests before it is
   * lifted: a browser takes the next tap after a flick only to end the movement.
   */
  async function swipe(element: Locator, dx: number): Promise<void> {
    const box = await element.boundingBox();
    const session = await page.context().newCDPSession(page);
    const [x, y] = [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2];
    const begunAt = Date.now() / 1_000;
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', by: number, afterSeconds: number) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints: type === 'touchEnd' ? [] : [{ x: x + by, y }],
        timestamp: begunAt + afterSeconds,
      });
    await touch('touchStart', 0, 0);
    for (let step = 1; step <= 10; step += 1) await touch('touchMove', (dx / 10) * step, step / 20);
    await touch('touchMove', dx, 1);
    await touch('touchEnd', 0, 1.5);
  }

  test('the key of the search leads into the field of a page that was just loaded', async () => {
    await told('Springs', news('Spring tide'));
    await open('/?view=unread');
    await page.getByText('Spring tide').first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('spring');
    await soon(() => page.getByRole('searchbox', { name: 'Search briefs' }).inputValue()).toBe('spring');
  });
});
