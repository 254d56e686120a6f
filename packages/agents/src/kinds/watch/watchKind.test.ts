import { type PageServer, startPageServer } from '@everbeat/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeAgentRuntime, exampleRequest, expectStorable } from '../../../test/contract';
import type { AgentReport } from '../../port';
import { watchKind } from './watchKind';

const runtime = watchKind.createRuntime({
  addressPolicy: { privateAddresses: 'any' },
  secondLookMs: 1,
  browserPath: 'none',
});

describeAgentRuntime('watch', async () => {
  const pages = await startPageServer();
  pages.serve('<title>News</title><p>Hello</p>', '/works');
  pages.serve({ status: 503 }, '/fails');
  pages.serve(
    { body: `<title>\0\ud800${'t'.repeat(9_000)}</title>${'<p>\0 word &#xD800; ```</p>\n'.repeat(60_000)}` },
    '/floods',
  );
  return {
    runtime,
    works: { url: `${pages.url}/works` },
    fails: { config: { url: `${pages.url}/fails` }, errorCode: 'watch_http_503' },
    hangs(timeoutSeconds) {
      pages.hold();
      const visit = pages.visited(pages.visits.length + 1);
      const ended = async () => {
        await (await visit).closed;
        pages.release();
      };
      return { config: { url: pages.url, timeoutSeconds }, started: visit, ended };
    },
    floods: { url: `${pages.url}/floods` },
    misconfigured: [
      { url: 'ftp://example.com' },
      { url: 'http://user:password@example.com' },
      { url: 'https://example.com', selector: ':::' },
      { url: 'https://example.com', timeoutSeconds: 0 },
    ],
    close: () => pages.close(),
  };
});

describe('the watch agent', () => {
  let pages: PageServer;
  beforeAll(async () => {
    pages = await startPageServer();
  });
  afterAll(() => pages.close());
  beforeEach(() => pages.serve('<title>Shop</title><h1>Shop</h1><p>Price: 10 €</p>'));

  async function look(memory: unknown, fields: object = {}): Promise<AgentReport> {
    const outcome = await runtime.run(exampleRequest({ config: { url: pages.url, ...fields }, memory }));
    if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
    expectStorable(outcome);
    return outcome;
  }
  const fault = (fields: object) => runtime.run(exampleRequest({ config: { url: pages.url, ...fields } }));

  it('reports on its first run what it watches, without a brief', async () => {
    const first = await look(null);
    expect(first.content).toContain('**Shop**');
    expect(first.content).toContain('Price: 10 €');
    expect(first.briefs).toBeUndefined();
    expect(first.memory).toMatchObject({ url: pages.url, text: 'Shop\nPrice: 10 €' });
  });

  it('leaves no brief and its memory unchanged when nothing changed', async () => {
    const { memory } = await look(null);
    pages.serve(
      '<title>Shop</title><style>p{}</style><h1>Shop</h1>\n<p>Price:   10 €</p><script>stamp(2)</script>',
    );
    const second = await look(memory);
    expect(second.briefs).toBeUndefined();
    expect(second).not.toHaveProperty('memory');
  });

  it('reports a change once, in an insight brief with the difference', async () => {
    const { memory } = await look(null);
    pages.serve('<title>Shop</title><h1>Shop</h1><p>Price: 12 €</p><p>New!</p>');
    const second = await look(memory);
    expect(second.briefs).toMatchObject([
      {
        type: 'insight',
        priority: 'normal',
        purpose: 'change',
        title: 'Shop: 10 € → 12 € (+20 %) and 1 more change',
      },
    ]);
    expect(second.briefs?.[0]?.summary).toContain('-Price: 10 €\n+Price: 12 €\n+New!');
    expect((await look(second.memory)).briefs).toBeUndefined();
  });

  it('compares only the part that a selector names', async () => {
    const page = (price: string, visitors: string) =>
      `<p class="price">${price}</p><footer>${visitors} visitors</footer>`;
    pages.serve(page('10', '1'));
    const { memory } = await look(null, { selector: '.price' });
    pages.serve(page('10', '2'));
    expect((await look(memory, { selector: '.price' })).briefs).toBeUndefined();
    pages.serve(page('11', '2'));
    expect((await look(memory, { selector: '.price' })).briefs).toHaveLength(1);
  });

  it("prefers the task's own target to the agent's", async () => {
    pages.serve('<title>Other</title>other', '/other');
    const request = exampleRequest({ config: { url: pages.url }, settings: { url: `${pages.url}/other` } });
    expect(await runtime.run(request)).toMatchObject({ kind: 'done', title: 'Watching Other' });
  });

  it("refuses a task's settings that do not fit, instead of watching another page", async () => {
    const request = exampleRequest({ config: { url: pages.url }, settings: { url: 'http://u:p@x.example' } });
    expect(await runtime.run(request)).toMatchObject({ errorCode: 'agent_misconfigured' });
  });

  it("compares the agent's page by a task's rules that name no page", async () => {
    const settings = { ignoreText: ['price'] };
    const first = await runtime.run(exampleRequest({ config: { url: pages.url }, settings }));
    pages.serve('<title>Shop</title><h1>Shop</h1><p>Price: 12 €</p>');
    const memory = first.kind === 'done' ? first.memory : null;
    const second = await runtime.run(exampleRequest({ config: { url: pages.url }, settings, memory }));
    expect(second).toMatchObject({ kind: 'done', title: 'No change' });
  });

  it('starts over when the address or the selector was changed', async () => {
    const { memory } = await look(null);
    const other = await look(memory, { selector: 'p' });
    expect(other.briefs).toBeUndefined();
    expect(other.memory).toMatchObject({ selector: 'p', text: 'Price: 10 €' });
  });

  it('makes conditional requests when the server sent a validator', async () => {
    pages.serve({ headers: { etag: '"v1"' }, body: 'one' });
    const { memory } = await look(null);
    expect(await look(memory)).toMatchObject({ title: 'No change' });
    expect(pages.visits.at(-1)?.headers).toMatchObject({
      'if-none-match': '"v1"',
      'user-agent': 'Everbeat (+watch)',
    });
    pages.serve({ headers: { etag: '"v2"' }, body: 'two' });
    expect((await look(memory)).briefs).toHaveLength(1);
  });

  it('sees the change of a server that always says that nothing has changed', async () => {
    const validators = { etag: '"always"', 'last-modified': 'Sat, 28 Nov 2026 00:00:00 GMT' };
    pages.serve({ headers: validators, body: 'one' });
    let { memory } = await look(null);
    pages.serve({ headers: validators, body: 'two' });
    const found: unknown[] = [];
    for (let run = 0; run < 3; run += 1) {
      const report = await look(memory);
      memory = report.memory ?? memory;
      found.push(...(report.briefs ?? []));
    }
    expect(found).toHaveLength(1);
    expect(memory).toMatchObject({ etag: null, lastModified: null });
  });

  it('asks an honest server ever less often for the whole page', async () => {
    pages.serve({ headers: { etag: '"v1"' }, body: 'one' });
    const { memory } = await look(null);
    const before = pages.visits.length;
    for (let run = 0; run < 16; run += 1) await look(memory);
    const whole = pages.visits.slice(before).filter(({ headers }) => headers['if-none-match'] === undefined);
    expect(whole.length).toBeLessThanOrEqual(4);
  });

  it('reads a page behind a cookie and many redirects', async () => {
    for (let hop = 0; hop < 20; hop += 1)
      pages.serve({ status: 302, headers: { location: `/hop${hop + 1}` } }, `/hop${hop}`);
    pages.serve('<p>inside</p>', '/hop20');
    expect(await look(null, { url: `${pages.url}/hop0` })).toMatchObject({ memory: { text: 'inside' } });
  });

  it('names what tells two pages of one site apart, and no secret', async () => {
    for (const query of ['?id=1&token=abcdef', '?id=2&token=abcdef']) pages.serve('<p>page</p>', `/${query}`);
    const [one, two] = await Promise.all(
      ['1', '2'].map((id) => look(null, { url: `${pages.url}/?id=${id}&token=abcdef` })),
    );
    expect(one?.title).not.toBe(two?.title);
    expect(one?.content).toContain('?id=1&token=…');
    expect(`${one?.title} ${one?.content}`).not.toContain('abcdef');
  });

  it('asks one host for no more than four pages at the same time, whichever tasks they are for', async () => {
    pages.hold();
    const before = pages.visits.length;
    const looks = Array.from({ length: 10 }, (_, index) =>
      runtime.run(exampleRequest({ taskId: `task_${index}`, isTrial: true, config: { url: pages.url } })),
    );
    await pages.visited(before + 4);
    expect(pages.visits.length).toBe(before + 4);
    const stop = new AbortController();
    const stopped = runtime.run(exampleRequest({ config: { url: pages.url }, signal: stop.signal }));
    stop.abort();
    expect(await stopped).toEqual({ kind: 'canceled' });
    pages.release();
    for (const outcome of await Promise.all(looks)) expect(outcome.kind).toBe('done');
  });

  it('compares JSON by content: neither order nor white space is a change', async () => {
    const json = (body: string) => pages.serve({ headers: { 'content-type': 'application/json' }, body });
    json('{"b":[1,2],"a":{"y":1,"x":2}}');
    const { memory } = await look(null);
    json('{ "a": {"x":2, "y":1}, "b": [1, 2] }');
    expect((await look(memory)).briefs).toBeUndefined();
    json('{ "a": {"x":3, "y":1}, "b": [1, 2] }');
    expect((await look(memory)).briefs?.[0]?.summary).toContain('-    "x": 2,\n+    "x": 3,');
  });

  it.each([
    ['in the header', { 'content-type': 'text/html; charset=ISO-8859-1' }, 'caf\xe9'],
    ['in the page', { 'content-type': 'text/html' }, '<meta charset="windows-1252">caf\xe9'],
    ['nowhere that is known', { 'content-type': 'text/html; charset=klingon' }, 'cafÃ©'],
  ])('reads a page by the charset declared %s', async (_, headers, latin1) => {
    pages.serve({ headers, body: Buffer.from(latin1, 'latin1') });
    expect(await look(null)).toMatchObject({ memory: { text: 'café' } });
  });

  it('keeps page text inside its code block', async () => {
    pages.serve('<p>a</p>');
    const { memory } = await look(null);
    pages.serve('<pre>````\n![x](http://evil.example/x.png)</pre>');
    const summary = (await look(memory)).briefs?.[0]?.summary ?? '';
    expect(summary).toMatch(/\n`{5}diff\n[\s\S]*\n`{5}$/);
  });

  it('truncates a large change, and says how much more there is', async () => {
    const list = (word: string) =>
      `<pre>${Array.from({ length: 500 }, (_, i) => `${word} ${i}`).join('\n')}</pre>`;
    pages.serve(list('old'));
    const { memory } = await look(null);
    pages.serve(list('new'));
    const brief = (await look(memory)).briefs?.[0];
    expect(brief?.title).toContain('999 more changes');
    expect(brief?.summary).toContain('… and 801 more lines of the difference.');
  });

  it('shows the new beginning of a page that changed throughout', async () => {
    const list = (word: string) =>
      `<pre>${Array.from({ length: 3_000 }, (_, i) => `${word} ${i}`).join('\n')}</pre>`;
    pages.serve(list('old'));
    const { memory } = await look(null);
    pages.serve(list('new'));
    const brief = (await look(memory)).briefs?.[0];
    expect(brief?.title).toContain('changed throughout');
    expect(brief?.summary).toContain('new 0\nnew 1\n');
  });

  it('shows which sentence of a long paragraph changed', async () => {
    const paragraph = (word: string) =>
      `<p>${'This sentence stays as it is. '.repeat(20)}The sky is ${word}.</p>`;
    pages.serve(paragraph('grey'));
    const { memory } = await look(null);
    pages.serve(paragraph('blue'));
    expect((await look(memory)).briefs?.[0]?.summary).toContain('-The sky is grey.\n+The sky is blue.');
  });

  it('detects a change beyond the stored part of a long page', async () => {
    const long = (end: string) => ({
      headers: { 'content-type': 'text/plain' },
      body: `${'a line\n'.repeat(200_000)}${end}`,
    });
    pages.serve(long('one'));
    const { memory, content } = await look(null);
    expect(content).toContain('The page is long');
    pages.serve(long('two'));
    expect((await look(memory)).briefs?.[0]?.title).toContain('changed further down');
  });

  it('reads a longer page up to a limit, and says so', async () => {
    pages.serve(`<h1>Shop</h1>${'<!-- filler -->'.repeat(600_000)}`);
    expect((await look(null)).content).toContain('only its beginning was read');
  });

  it('asks a person for another address when scripts are to fill the page', async () => {
    const { memory } = await look(null);
    pages.serve('<title>Shop</title><div id="root"></div><script src="/app.js"></script>');
    expect(await fault({})).toMatchObject({
      errorCode: 'watch_needs_browser',
      failureClass: 'needs-person',
      errorMessage: expect.stringContaining('JavaScript'),
    });
    const later = await runtime.run(exampleRequest({ config: { url: pages.url }, memory }));
    expect(later).not.toHaveProperty('failureClass');
  });

  it('ignores a memory that it cannot read', async () => {
    expect((await look({ version: 0, text: 7 })).title).toBe('Watching Shop');
  });

  it.each([
    ['watch_selector_missing', {}, { selector: '#gone' }],
    ['watch_unsupported_type', { headers: { 'content-type': 'image/png' } }, {}],
    ['watch_selector_not_html', { headers: { 'content-type': 'text/plain' }, body: 'x' }, { selector: 'p' }],
    ['watch_http_404', { status: 404 }, {}],
    ['watch_bad_url', { status: 302, headers: { location: 'file:///etc/passwd' } }, {}],
    ['watch_too_many_redirects', { status: 302, headers: { location: '/' } }, {}],
  ])('fails with %s', async (errorCode, page, config) => {
    pages.serve({ body: '<p>page</p>', ...page });
    expect(await fault(config)).toMatchObject({ kind: 'error', errorCode });
  });

  it('reports how long a site asks not to be called', async () => {
    pages.serve({ status: 429, headers: { 'retry-after': '40' } });
    expect(await fault({})).toMatchObject({
      errorCode: 'watch_http_429',
      retryAfterSeconds: 40,
      farSide: new URL(pages.url).host,
    });
  });

  it('reads a page with as many headers as browsers take', async () => {
    pages.serve({ headers: { 'content-security-policy': 'x'.repeat(100_000) }, body: '<p>page</p>' });
    expect(await look(null)).toMatchObject({ memory: { text: 'page' } });
  });

  it('fails when nothing listens at the address, and when there is no address', async () => {
    const gone = await startPageServer();
    await gone.close();
    expect(await fault({ url: gone.url })).toMatchObject({ errorCode: 'watch_unreachable' });
    expect(await fault({ url: undefined })).toMatchObject({ errorCode: 'watch_not_configured' });
  });

  it('reads tables by rows, whatever the cells claim to span', async () => {
    pages.serve(
      '<table><tr><th>Item</th><th>Price</th></tr><tr><td colspan=1000000000>Tea</td><td>3 €</td></tr></table>',
    );
    expect(await look(null)).toMatchObject({ memory: { text: 'Item | Price\nTea | 3 €' } });
  });
});
