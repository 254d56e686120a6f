import { freePort } from '@everbeat/testkit';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { isChromiumMissing, launchBrowser } from '../../../tests/support/app/browser';
import { clientOf } from '../api/calls';
import type { Bench, BenchTable } from '../bench';
import { startApp } from '../http/appChild';
import { medianOf } from '../support/statistics';

/**
 * A phone on a slow mobile network: latency of a request, bytes a second, and how much slower its processor
 * is.
 */
const NETWORK = { latency: 150, downloadThroughput: 200_000, uploadThroughput: 90_000, offline: false };
const CPU_SLOWDOWN = 4;

const TASKS = 60;

/** Each page, with a text of its data that it shows first. */
const PAGES: Record<string, string> = {
  '/': 'tasks scheduled',
  '/tasks': `Count the ships of pier ${TASKS}`,
  '/tasks/T-1': 'Count the ships of pier 1',
  '/agents': 'Its tasks',
  '/system': 'Nothing needs you',
};

interface PageFigures {
  scriptKb: number;
  htmlKb: number;
  requests: number;
  /** Milliseconds from the start of the navigation. */
  paintMs: number;
  dataMs: number;
  liveMs: number;
}

/** What a person waits for who opens a page for the first time, on a slow network and a slow processor. */
export async function benchPages(bench: Bench): Promise<BenchTable[]> {
  if (isChromiumMissing()) return [];
  const database = await bench.server.openDatabase();
  const port = await freePort();
  try {
    const app = await startApp(bench, 'next', {
      agent: 'http',
      settings: { DATABASE_URL: database.url, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'error' },
    });
    const browser = await launchBrowser();
    try {
      await makeTasks(port);
      const figures = new Map<string, PageFigures[]>();
      for (let round = 1; round <= bench.options.rounds; round += 1) {
        for (const [path, text] of Object.entries(PAGES)) {
          bench.progress(`Pages: ${path}, round ${round} of ${bench.options.rounds}`);
          const measured = await measurePage(browser, `http://127.0.0.1:${port}${path}`, text);
          figures.set(path, [...(figures.get(path) ?? []), measured]);
        }
      }
      const rows = [...figures].map(([page, runs]) => ({
        page,
        'JavaScript kB': medianOf(runs, (run) => run.scriptKb),
        'HTML kB': medianOf(runs, (run) => run.htmlKb),
        requests: medianOf(runs, (run) => run.requests),
        'first paint ms': medianOf(runs, (run) => run.paintMs),
        'data shown ms': medianOf(runs, (run) => run.dataMs),
        'live ms': medianOf(runs, (run) => run.liveMs),
      }));
      const title = `Pages: a first visit at ${NETWORK.downloadThroughput / 1_000} kB/s, ${NETWORK.latency} ms and 1/${CPU_SLOWDOWN} of the processor`;
      return [{ title, rows, details: Object.fromEntries(figures) }];
    } finally {
      await browser.close();
      await app.stop();
    }
  } finally {
    await database.drop();
  }
}

async function makeTasks(port: number): Promise<void> {
  const client = clientOf(port);
  for (let number = 1; number <= TASKS; number += 1) {
    const instruction = `Count the ships of pier ${number}`;
    const input = { json: { instruction, automationMode: 'heartbeat', heartbeatInterval: 86_400 } };
    await client.call({ procedure: 'task.create', input, isMutation: true });
  }
  client.close();
}

/** Opens the page in a profile of its own, so that nothing is cached. */
async function measurePage(browser: Browser, url: string, text: string): Promise<PageFigures> {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  try {
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    await devtools.send('Network.emulateNetworkConditions', NETWORK);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
    const transfer = countTransfer(devtools);
    await page.goto(url, { waitUntil: 'commit' });
    const dataMs = await shownAfterMs(page, text);
    const liveMs = await shownAfterMs(page, 'This page updates by itself');
    const paintMs = await page.evaluate(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
    );
    return { ...transfer(), paintMs, dataMs, liveMs };
  } finally {
    await context.close();
  }
}

/** When the page first shows the text, or has it as the title of an element. */
const shownAfterMs = async (page: Page, text: string): Promise<number> => {
  const handle = await page.waitForFunction(
    (wanted) => {
      const main = document.querySelector('main');
      const isShown =
        main?.innerText.includes(wanted) || document.querySelector(`[title="${wanted}"]`) !== null;
      return isShown ? performance.now() : false;
    },
    text,
    { polling: 'raf', timeout: 60_000 },
  );
  return Number(await handle.jsonValue());
};

/** Counts what is sent over the network, compressed as it is. */
function countTransfer(devtools: CDPSession): () => Pick<PageFigures, 'scriptKb' | 'htmlKb' | 'requests'> {
  const types = new Map<string, string>();
  const bytes = new Map<string, number>();
  devtools.on('Network.responseReceived', ({ requestId, type }) => types.set(requestId, type));
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) =>
    bytes.set(requestId, encodedDataLength),
  );
  const kbOf = (wanted: string): number =>
    [...types]
      .filter(([, type]) => type === wanted)
      .reduce((sum, [requestId]) => sum + (bytes.get(requestId) ?? 0), 0) / 1_000;
  return () => ({ scriptKb: kbOf('Script'), htmlKb: kbOf('Document'), requests: types.size });
}
