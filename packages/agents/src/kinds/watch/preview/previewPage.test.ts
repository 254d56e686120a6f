import type { KindSettings } from '@everbeat/domain';
import { type PageServer, startPageServer } from '@everbeat/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { watchKind } from '../watchKind';

const runtime = watchKind.createRuntime({ addressPolicy: { privateAddresses: 'any' }, browserPath: 'none' });

let pages: PageServer;
beforeAll(async () => {
  pages = await startPageServer();
  // The thread that reads pages takes long to start on a busy machine.
  pages.serve('Ready', '/ready');
  await preview({ url: `${pages.url}/ready` });
}, 60_000);
afterAll(() => pages.close());

const outcomeOf = async (settings: KindSettings, config: unknown = null, userId = 'user_1') =>
  await runtime.preview?.({ config, settings, userId, signal: new AbortController().signal });

async function preview(settings: KindSettings, config?: unknown) {
  const outcome = await outcomeOf(settings, config);
  if (outcome?.kind !== 'done') throw new Error(JSON.stringify(outcome));
  return outcome.page;
}

const FEED = `<rss version="2.0"><channel><title>Harbour</title>
  <item><guid>1</guid><title>Ferry late</title><link>https://example.com/1</link></item></channel></rss>`;

describe('the preview of a page', () => {
  it('has its title, what is read, its parts and its price', async () => {
    pages.serve('<title>Mug</title><main><h1>Mug</h1><b class="price">€ 49.90</b></main>', '/mug');
    expect(await preview({ url: `${pages.url}/mug` })).toMatchObject({
      url: `${pages.url}/mug`,
      title: 'Mug',
      kind: 'text',
      text: 'Mug\n€ 49.90',
      lines: 2,
      parts: expect.arrayContaining([{ selector: '.price', label: 'Price', text: '€ 49.90' }]),
      prices: [{ selector: '.price', text: '€ 49.90', amount: 49.9 }],
      selection: null,
      problems: {},
      notes: [],
    });
  });

  it('has the items of a feed', async () => {
    pages.serve({ body: FEED, headers: { 'content-type': 'application/rss+xml' } }, '/feed');
    expect(await preview({ url: `${pages.url}/feed` })).toMatchObject({
      kind: 'feed',
      title: 'Harbour',
      itemCount: 1,
      items: [{ title: 'Ferry late', link: 'https://example.com/1' }],
    });
  });

  it('is made of an address without a scheme', async () => {
    pages.serve('<title>Mug</title>Mug', '/mug');
    const bare = `${pages.url}/mug`.replace('http://', '');
    expect((await preview({ url: bare })).url).toBe(`http://${bare}`);
  });

  it('says that a site answers to http alone, and is stored as such', async () => {
    // A loopback address that does not look like one, so that https is tried first.
    const bare = `[::ffff:7f00:1]:${new URL(pages.url).port}/mug`;
    const { url, notes } = await preview({ url: bare });
    expect(url).toBe(`http://${bare}`);
    expect(notes.join()).toContain('does not answer over https');
  });

  it("is that of the agent's own page, where none was typed", async () => {
    pages.serve('<title>Own</title>Own', '/own');
    const config = { url: `${pages.url}/own` };
    expect((await preview({ url: ' ' }, config)).title).toBe('Own');
    expect(await outcomeOf({})).toMatchObject({ kind: 'error', errorCode: 'watch_not_configured' });
  });

  it('leaves out what is ignored', async () => {
    pages.serve('<p>Price 10</p><p class="count">7 visitors</p><aside>Ad</aside>', '/noisy');
    const ignored = { ignoreText: ['visitors'], ignoreSelectors: ['aside'] };
    expect((await preview({ url: `${pages.url}/noisy`, ...ignored })).text).toBe('Price 10');
  });

  it('tries another selector on the same page without asking the site again', async () => {
    pages.serve('<p class="a">One</p><p class="b">Two</p><p class="b">Three</p>', '/parts');
    await preview({ url: `${pages.url}/parts` });
    const visits = pages.visits.length;
    const tried = await preview({ url: `${pages.url}/parts`, selector: '.b' });
    expect(tried.selection).toEqual({ matches: 2, text: 'Two\nThree', problem: null });
    expect(tried.text).toBe('One\nTwo\nThree');
    expect((await preview({ url: `${pages.url}/parts`, selector: '.c' })).selection?.problem).toContain(
      '0 matches',
    );
    expect(pages.visits).toHaveLength(visits);

    await outcomeOf({ url: `${pages.url}/parts` }, null, 'user_2');
    expect(pages.visits).toHaveLength(visits + 1);
  });

  it.each([
    ['selector', 'main >>', 'is no CSS selector'],
    ['selector', '//main[', 'is no XPath'],
    ['selector', '$.items[', 'is no JSONPath'],
    ['ignorePatterns', ['(?=x)'], 'is not a pattern'],
    ['below', 'cheap', 'expected number'],
  ])('says in words what is wrong with the %s %j', async (name, value, problem) => {
    pages.serve('<title>Mug</title>Mug', '/mug');
    const { title, selection, problems } = await preview({ url: `${pages.url}/mug`, [name]: value });
    expect(title).toBe('Mug');
    expect(selection).toBeNull();
    expect(problems[name]).toContain(problem);
  });

  it.each([
    ['/missing', undefined, 'watch_http_404'],
    ['/wall', '<title>Just a moment...</title><p>Checking</p>', 'watch_bot_wall'],
    ['/empty', '', 'watch_empty'],
    ['/script', '<div id="root"></div><script src="app.js"></script>', 'watch_needs_browser'],
  ])('fails as the run would: %s', async (path, body, errorCode) => {
    if (body !== undefined) pages.serve(body, path);
    expect(await outcomeOf({ url: pages.url + path })).toMatchObject({ kind: 'error', errorCode });
  });

  it.each(['javascript:1', 'ada@example.com', 'no address'])('is refused for "%s"', async (url) => {
    expect(await outcomeOf({ url })).toMatchObject({ kind: 'error', errorCode: 'watch_bad_url' });
  });
});
