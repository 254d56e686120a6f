import { type PageServer, startPageServer } from '@everbeat/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleRequest } from '../../../../test/contract';
import { watchKind } from '../watchKind';
import { findBrowser } from './findBrowser';
import { closeBrowser, renderPage } from './pageBrowser';

const path = findBrowser(undefined);
if (path === null) console.warn('SKIPPED: the tests of pages in a browser, because Chromium was not found.');

const app = (script: string) =>
  `<title>Shop</title><div id="root"></div><style>.off { display: none }</style><script>${script}</script>`;

describe.skipIf(path === null)('a page that scripts fill', () => {
  let pages: PageServer;
  let elsewhere: PageServer;
  beforeAll(async () => {
    [pages, elsewhere] = await Promise.all([startPageServer(), startPageServer()]);
  });
  afterAll(() => Promise.all([pages.close(), elsewhere.close(), closeBrowser()]));

  const look = (config: object = {}, privateAddresses: 'typed' | 'any' = 'typed') =>
    watchKind
      .createRuntime({ addressPolicy: { privateAddresses }, secondLookMs: 1 })
      .run(exampleRequest({ config: { url: pages.url, ...config } }));

  it('is read as a reader sees it', async () => {
    pages.serve(
      app(
        `setTimeout(() => { root.innerHTML = '<p>Mug 19 EUR</p><p class="off">hidden</p><b id="price">19</b>' }, 300)`,
      ),
    );
    expect(await look()).toMatchObject({ kind: 'done', memory: { title: 'Shop', text: 'Mug 19 EUR\n19' } });
    expect(await look({ selector: '#price' })).toMatchObject({ memory: { text: '19' } });
  });

  it('reaches through the proxy what the typed address may, and nothing else on this machine', async () => {
    elsewhere.serve({ headers: { 'access-control-allow-origin': '*' }, body: 'secret' });
    pages.serve({ headers: { 'content-type': 'application/json' }, body: '"own"' }, '/own');
    const ask = (url: string) => `fetch('${url}').then((r) => r.text()).catch(() => 'refused')`;
    pages.serve(
      app(
        `Promise.all([${ask('/own')}, ${ask(elsewhere.url)}]).then((all) => { root.textContent = all.join(' and ') })`,
      ),
    );
    const outcome = await look();
    expect(outcome).toMatchObject({ memory: { text: expect.stringMatching(/^"own" and (?!secret)/) } });
    expect(elsewhere.visits).toEqual([]);
  });

  it('fails when it shows nothing in a browser either', async () => {
    pages.serve(app('1'));
    expect(await look()).toMatchObject({ kind: 'error', errorCode: 'watch_needs_browser' });
  });

  it('ends when the run is aborted', async () => {
    pages.serve(app('for (;;);'));
    const run = new AbortController();
    const rendering = renderPage(pages.url, {
      ...{ path: path ?? '', policy: { privateAddresses: 'any' }, signal: run.signal },
    });
    await pages.visited(pages.visits.length + 1);
    run.abort(new Error('stopped'));
    await expect(rendering).rejects.toThrow('stopped');
  });
});

it('is not looked for where the operator wants none', () => {
  expect(findBrowser('none')).toBeNull();
  expect(findBrowser('/nowhere/chromium')).toBeNull();
});
