import type { AddressPolicy } from '@everbeat/outgoing';
import pLimit from 'p-limit';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { AgentError } from '../../../shared/agentError';
import { untilAborted } from '../../../shared/guardRun';
import { launchBrowser, NO_BYPASS } from './launch';
import { type OriginHeaders, sendOwnHeaders, type Wanted, wantedWith } from './ownHeaders';
import { pictureOf } from './picture';
import { type PolicyProxy, startPolicyProxy } from './policyProxy';
import { renderedHtml } from './renderedHtml';

const PAGES_AT_ONCE_MAX = 2;
/** For a page to come, and then for what it loads: some never have all of it. */
const LOAD_MS_MAX = 20_000;
const PARTS_MS_MAX = 8_000;
const IDLE_MS = 60_000;

/** A page as scripts have filled it. */
export interface RenderedPage {
  html: string;
  url: string;
  /** JPEG; null where none was wanted, or none could be taken. */
  picture: Uint8Array | null;
}

interface Running {
  browser: Browser;
  proxy: PolicyProxy;
}

const oneOfFew = pLimit(PAGES_AT_ONCE_MAX);
let running: Promise<Running> | undefined;
let idleTimer: NodeJS.Timeout | undefined;

interface RenderOptions {
  /** The program of the browser. */
  path: string;
  policy: AddressPolicy;
  own: OriginHeaders & { userAgent: string | null };
  signal: AbortSignal;
  /** Takes a picture of the page, or of where a part of it is. Null: none, and no images are loaded. */
  pictureOf: { selector: string | null } | null;
}

/**
 * Opens a page in the one Chromium of this process and reads it once its scripts have filled it. Every page
 * has a profile of its own, and reaches the network through a proxy that holds the address policy.
 * @throws AgentError `watch_needs_browser` when the browser does not start or the page does not open; the
 * signal's reason
 */
export async function renderPage(
  url: string,
  { path, policy, own, signal, pictureOf: shown }: RenderOptions,
): Promise<RenderedPage> {
  return await untilAborted(
    oneOfFew(async () => {
      signal.throwIfAborted();
      clearTimeout(idleTimer);
      const { browser, proxy } = await runningBrowser(path);
      const key = proxy.grant(policy, new URL(url));
      try {
        const profile = {
          proxy: { server: proxy.url, ...key },
          own,
          policy,
          isWanted: wantedWith(shown !== null),
        };
        return await inContext(browser, profile, signal, (page) => read(page, url, shown));
      } finally {
        key.revoke();
        idleTimer = setTimeout(closeBrowser, IDLE_MS).unref();
      }
    }),
    signal,
  );
}

/** Ends the browser, if one is running. The next page starts another one. */
export async function closeBrowser(): Promise<void> {
  clearTimeout(idleTimer);
  const started = await running?.catch(() => undefined);
  running = undefined;
  await started?.browser.close().catch(() => undefined);
  started?.proxy.close();
}

async function runningBrowser(path: string): Promise<Running> {
  const current = await running?.catch(() => undefined);
  if (current?.browser.isConnected()) return current;
  current?.proxy.close();
  running = start(path);
  return await running;
}

async function start(program: string): Promise<Running> {
  const proxy = await startPolicyProxy();
  try {
    return { browser: await launchBrowser(program, proxy.url), proxy };
  } catch (error) {
    proxy.close();
    throw error;
  }
}

interface Profile extends Pick<RenderOptions, 'own' | 'policy'> {
  proxy: { server: string; username: string; password: string };
  isWanted: Wanted;
}

async function inContext<T>(
  browser: Browser,
  { proxy, own, isWanted, policy }: Profile,
  signal: AbortSignal,
  work: (page: Page) => Promise<T>,
): Promise<T> {
  const { server, username, password } = proxy;
  const context = await browser.newContext({
    proxy: { server, username, password, bypass: NO_BYPASS },
    ...(own.userAgent === null ? {} : { userAgent: own.userAgent }),
    acceptDownloads: false,
    serviceWorkers: 'block',
  });
  const stop = () => void context.close().catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const page = await onlyPage(context, isWanted);
    await sendOwnHeaders(context, own, isWanted, { policy, signal });
    return await work(page);
  } finally {
    signal.removeEventListener('abort', stop);
    await context.close().catch(() => undefined);
  }
}

async function onlyPage(context: BrowserContext, isWanted: Wanted): Promise<Page> {
  const page = await context.newPage();
  context.on('page', (other) => void other.close().catch(() => undefined));
  await context.route(/.*/, (route) => (isWanted(route) ? route.continue() : route.abort()));
  return page;
}

async function read(page: Page, url: string, shown: RenderOptions['pictureOf']): Promise<RenderedPage> {
  try {
    await page.goto(url, { waitUntil: 'domcontentloaded', timeout: LOAD_MS_MAX });
    await page.waitForLoadState('load', { timeout: PARTS_MS_MAX }).catch(() => undefined);
    const html = await renderedHtml(page);
    const picture = shown === null ? null : await pictureOf(page, shown.selector);
    return { html, url: page.url(), picture };
  } catch (error) {
    const why = error instanceof Error && error.name === 'TimeoutError' ? 'was not ready in time' : 'failed';
    throw new AgentError(
      'watch_needs_browser',
      `The page of ${new URL(url).host} needs a browser to run its scripts (JavaScript), and opening it in one ${why}. It is tried again on the next run.`,
      { failureClass: 'transient', farSide: new URL(url).host },
    );
  }
}
