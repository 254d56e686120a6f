import { createTestDatabase, type TestDatabase } from '@everbeat/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type App, startApp } from './app';
import type { Settings } from './appProcess';
import { launchBrowser, openView, type View, type ViewOptions } from './browser';

/** Something outside the application that a test has it talk to. */
interface FarSide {
  close(): unknown;
}

export interface BrowserTestOptions<FarSides> {
  /** Started before the application, closed after it. */
  farSides?: () => Promise<FarSides>;
  env?: (farSides: FarSides) => Settings;
  view?: ViewOptions;
  /**
   * Each test goes on in the page where the one before has ended. Otherwise each has a browser profile of its
   * own.
   */
  sharesPage?: boolean;
  /** Complaints of the browser that belong to the tests, such as that of a call that is refused. */
  expects?: RegExp;
}

export interface BrowserWorld {
  app: App;
  /** Of the application, for what takes days otherwise. */
  database: TestDatabase;
  browser: Browser;
  view: View;
  page: Page;
}

/**
 * The beginning and the end of the browser tests in a `describe`: starts the far sides, the application with
 * an empty database of its own, and Chromium, and opens a page. `given` gets them before the first test, and
 * again with each new page. After each test, the browser must have had nothing to complain about.
 */
export function browserTests<FarSides extends Record<string, FarSide>>(
  options: BrowserTestOptions<FarSides> & { farSides: () => Promise<FarSides> },
  given: (world: BrowserWorld & FarSides) => void,
): void;
export function browserTests(
  options: BrowserTestOptions<Record<string, FarSide>>,
  given: (world: BrowserWorld) => void,
): void;
export function browserTests(
  {
    farSides,
    env,
    view: viewOptions,
    sharesPage = false,
    expects,
  }: BrowserTestOptions<Record<string, FarSide>>,
  given: (world: BrowserWorld) => void,
): void {
  let outside: Record<string, FarSide> = {};
  let database: TestDatabase;
  let app: App;
  let browser: Browser;
  let view: View | undefined;
  const giveUp = new AbortController();
  let launching: Promise<Browser> | undefined;
  let opening: Promise<Record<string, FarSide>> | undefined;
  let creating: Promise<TestDatabase> | undefined;
  let starting: Promise<App> | undefined;

  async function openPage(): Promise<void> {
    view = await openView(browser, app.url, viewOptions);
    given({ ...outside, app, database, browser, view, page: view.page });
  }

  beforeAll(async () => {
    launching = launchBrowser();
    opening = farSides?.() ?? Promise.resolve({});
    creating = createTestDatabase();
    starting = Promise.all([opening, creating]).then(([others, { url }]) =>
      startApp({ env: { DATABASE_URL: url, ...env?.(others) }, signal: giveUp.signal }),
    );
    [outside, database, app, browser] = await Promise.all([opening, creating, starting, launching]);
    await openPage();
  });

  beforeEach(async () => {
    if (view === undefined) await openPage();
  });

  afterEach(async () => {
    const complaints = view?.complaints.splice(0) ?? [];
    if (!sharesPage) {
      await view?.close();
      view = undefined;
    }
    expect(complaints.filter((text) => expects?.test(text) !== true)).toEqual([]);
  });

  afterAll(async () => {
    giveUp.abort();
    await stopped(launching, (each) => each.close());
    await stopped(starting, (each) => each.stop());
    await stopped(opening, (far) => Promise.all(Object.values(far).map((each) => each.close())));
    await stopped(creating, (each) => each.drop());
  });
}

/** Stops a part of the world, also where its start was still under way when the time for it was over. */
async function stopped<Part>(
  starting: Promise<Part> | undefined,
  stop: (part: Part) => unknown,
): Promise<void> {
  const part = await starting?.catch(() => undefined);
  if (part !== undefined) await stop(part);
}
