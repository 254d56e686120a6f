import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { type PageServer, startPageServer } from '@everbeat/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleRequest } from '../../../../test/contract';
import { BROWSER_UID } from '../../../shared/spareUsers';
import { watchKind } from '../watchKind';
import { findBrowser } from './findBrowser';
import { closeBrowser, renderPage } from './pageBrowser';

const path = findBrowser(undefined);
if (path === null) console.warn('SKIPPED: the tests of pages in a browser, because Chromium was not found.');

/** Of the Chromium that this process has started. */
const ownersOfBrowsers = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        const isOurs = new RegExp(`^PPid:\\s${process.pid}$`, 'm').test(status);
        const isBrowser = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--headless');
        return isOurs && isBrowser ? [Number(/^Uid:\s(\d+)/m.exec(status)?.[1])] : [];
      } catch {
        return [];
      }
    });

const app = (script: string) =>
  `<title>Shop</title><div id="root"></div><style>.off { display: none }</style><script>${script}</script>`;

describe.skipIf(path === null)('a page that scripts fill', { timeout: 40_000 }, () => {
  let pages: PageServer;
  let elsewhere: PageServer;
  beforeAll(async () => {
    [pages, elsewhere] = await Promise.all([startPageServer(), startPageServer()]);
  });
  afterAll(() => Promise.all([pages.close(), elsewhere.close(), closeBrowser()]));

  const look = (config: object = {}, privateAddresses: 'typed' | 'any' = 'typed', memory: unknown = null) =>
    watchKind
      .createRuntime({ addressPolicy: { privateAddresses }, secondLookMs: 1 })
      .run(exampleRequest({ config: { url: pages.url, includeNoise: true, ...config }, memory }));

  it('is read as a reader sees it', async () => {
    pages.serve(
      app(
        `setTimeout(() => { root.innerHTML = '<p>Mug 19 EUR</p><p class="off">hidden</p><b id="price">19</b>' }, 300)`,
      ),
    );
    expect(await look()).toMatchObject({ kind: 'done', memory: { title: 'Shop', text: 'Mug 19 EUR\n19' } });
    expect(await look({ selector: '#price' })).toMatchObject({ memory: { text: '19' } });
  });

  it('is read with its shadow trees and the frames of its own site, from the page that its scripts lead to', async () => {
    pages.serve('<script>setTimeout(() => { location.href = "/inside" }, 50)</script>');
    pages.serve('<p>in a frame</p>', '/frame');
    pages.serve(
      app(`
        const card = document.createElement('x-card');
        card.attachShadow({ mode: 'open' }).innerHTML = '<p>Price: <slot></slot></p><p class="off">hidden</p><style>.off { display: none }</style>';
        card.append('19 EUR');
        root.append(card);
        const frame = document.createElement('iframe');
        frame.src = '/frame';
        root.append(frame);
        const other = document.createElement('iframe');
        other.src = '${elsewhere.url}';
        root.append(other);`),
      '/inside',
    );
    expect(await look()).toMatchObject({
      memory: { text: 'Price: 19 EUR\nin a frame', isRendered: true },
    });
  });

  it('is shown before and after a change', async () => {
    const price = (amount: number) =>
      pages.serve(app(`setTimeout(() => { root.innerHTML = '<h1>${amount} EUR</h1>' }, 50)`));
    price(19);
    const first = await look();
    if (first.kind !== 'done') throw new Error(JSON.stringify(first));
    expect(Buffer.from(first.picture?.bytes ?? []).subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));

    const same = await look({}, 'typed', first.memory);
    expect(same).not.toHaveProperty('picture');
    price(18);
    const second = await look({}, 'typed', first.memory);
    if (second.kind !== 'done') throw new Error(JSON.stringify(second));
    expect(second.briefs).toMatchObject([{ pictures: [first.picture?.id, second.picture?.id] }]);
    expect(second.memory).toMatchObject({ pictureId: second.picture?.id });
  });

  it.skipIf(process.getuid?.() !== 0)('is opened by a user of its own where the server is root', async () => {
    pages.serve(app(`setTimeout(() => { root.textContent = 'filled' }, 100)`));
    expect(await look()).toMatchObject({ memory: { text: 'filled' } });
    expect(ownersOfBrowsers()).toEqual([BROWSER_UID]);
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

  it('is asked for with the headers and cookies of the watch, which go to no other origin', async () => {
    const secret = 'canary-2b90aa';
    const cors = { 'access-control-allow-origin': '*' };
    elsewhere.serve({ headers: cors, body: 'other' });
    pages.serve({ status: 302, headers: { location: elsewhere.url, ...cors } }, '/away');
    pages.serve({ headers: { 'set-cookie': 'theme=light; Path=/' }, body: 'own' }, '/own');
    const ask = (url: string) => `fetch('${url}').then((r) => r.text()).catch(() => 'refused')`;
    const [first, firstOwn] = [elsewhere.visits.length, pages.visits.length];
    pages.serve(
      app(
        `Promise.all([${ask('/own')}, ${ask('/away')}, ${ask(elsewhere.url)}]).then(async (all) => { await ${ask('/own')}; root.textContent = all.join(' and ') })`,
      ),
    );
    const own = {
      headers: { 'X-Key': secret },
      cookies: { sid: secret, theme: 'dark' },
      userAgent: 'Me/1.0',
    };
    expect(await look(own, 'any')).toMatchObject({
      memory: { text: expect.stringMatching(/^own and .* and other$/) },
    });
    const asked = pages.visits
      .slice(firstOwn)
      .filter(({ path: at }) => at === '/own')
      .map(({ headers }) => headers);
    expect(asked[0]).toMatchObject({
      'x-key': secret,
      'user-agent': 'Me/1.0',
      cookie: `sid=${secret}; theme=dark`,
    });
    expect(asked[1]?.cookie).toBe(`sid=${secret}; theme=light`);
    expect(elsewhere.visits.length).toBeGreaterThan(first);
    expect(JSON.stringify(elsewhere.visits.slice(first))).not.toContain(secret);
  });

  it('is refused by the address policy with headers of the watch too', async () => {
    const count = pages.visits.length;
    const own = { origin: pages.url, headers: { 'X-Key': 'canary' }, cookies: {}, userAgent: null };
    const policy = { privateAddresses: 'never' } as const;
    const signal = AbortSignal.timeout(10_000);
    await expect(
      renderPage(pages.url, { path: path ?? '', policy, own, pictureOf: null, signal }),
    ).rejects.toThrow(/failed/);
    expect(pages.visits).toHaveLength(count);
  });

  it('takes no larger answer with headers of the watch, however small it is packed', async () => {
    const packed = gzipSync(Buffer.alloc(30_000_000, ' '));
    pages.serve({ headers: { 'content-encoding': 'gzip' }, body: packed }, '/bomb');
    pages.serve({ headers: { 'content-encoding': 'gzip' }, body: gzipSync('small') }, '/packed');
    const ask = (url: string) => `fetch('${url}').then((r) => r.text()).catch(() => 'refused')`;
    pages.serve(
      app(
        `Promise.all([${ask('/bomb')}, ${ask('/packed')}]).then((all) => { root.textContent = all.join(' and ') })`,
      ),
    );
    const outcome = await look({ headers: { 'X-Key': 'canary' } });
    expect(outcome).toMatchObject({ memory: { text: 'refused and small' } });
  });

  it('is read beside its scripts, which cannot replace what reads it', async () => {
    const calls = ['getHTML', 'querySelectorAll'].map((name) => `Element.prototype.${name}`);
    pages.serve(
      app(`
        String.prototype.slice = () => 'x'.repeat(5e7);
        ${calls.map((call) => `${call} = () => 'y'.repeat(5e7);`).join('\n')}
        root.textContent = 'as it is'`),
    );
    expect(await look()).toMatchObject({ memory: { text: 'as it is' } });
  });

  it('fails when it shows nothing in a browser either', async () => {
    pages.serve(app('1'));
    expect(await look()).toMatchObject({ kind: 'error', errorCode: 'watch_needs_browser' });
  });

  it('ends when the run is aborted', async () => {
    pages.serve(app('for (;;);'));
    const run = new AbortController();
    const rendering = renderPage(pages.url, {
      path: path ?? '',
      policy: { privateAddresses: 'any' },
      signal: run.signal,
      pictureOf: null,
      own: { origin: pages.url, headers: {}, cookies: {}, userAgent: null },
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
