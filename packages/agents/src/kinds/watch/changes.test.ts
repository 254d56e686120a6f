import { type PageServer, startPageServer } from '@everbeat/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleRequest, expectStorable } from '../../../test/contract';
import type { AgentOutcome } from '../../port';
import { watchKind } from './watchKind';

const runtime = watchKind.createRuntime({ addressPolicy: { privateAddresses: 'any' }, secondLookMs: 1 });

let pages: PageServer;
beforeAll(async () => {
  pages = await startPageServer();
});
afterAll(() => pages.close());

/** Looks at each version of a page in turn. */
async function looks(versions: readonly Parameters<PageServer['serve']>[0][], config: object = {}) {
  const outcomes: AgentOutcome[] = [];
  let memory: unknown = null;
  for (const version of versions) {
    pages.serve(version);
    const outcome = await runtime.run(exampleRequest({ config: { url: pages.url, ...config }, memory }));
    expectStorable(outcome);
    if (outcome.kind === 'done' && outcome.memory !== undefined) memory = outcome.memory;
    outcomes.push(outcome);
  }
  return outcomes;
}

const briefsOf = (outcome: AgentOutcome | undefined) =>
  outcome?.kind === 'done' ? (outcome.briefs ?? []) : [];
const briefOf = (outcome: AgentOutcome | undefined) => briefsOf(outcome)[0];
const text = (body: string) => ({ headers: { 'content-type': 'text/plain' }, body });
const xml = (body: string) => ({
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0"?>${body}`,
});
const json = (body: string) => ({ headers: { 'content-type': 'application/json' }, body });
const list = (...entries: string[]) => `<ol>${entries.map((entry) => `<li>${entry}</li>`).join('')}</ol>`;
const NINE = Array.from({ length: 9 }, (_, index) => `Entry ${index}`);

describe('no change that a person would see', () => {
  it.each([
    ['another kind of space', '<p>10&nbsp;000 EUR</p>', '<p>10 000 EUR</p>'],
    ['blank lines', '<div>Open</div><div>Closed</div>', '<p>Open</p><p>Closed</p>'],
    ['soft hyphens', '<p>Donau&shy;dampf&shy;schiff</p>', '<p>Donaudampfschiff</p>'],
    ['zero-width spaces', text('long\u200bword'), text('longword')],
    ['composed letters', '<p>Caf\u0065\u0301</p>', '<p>Caf\u00e9</p>'],
    ['ligatures', '<p>o\ufb03ce</p>', '<p>office</p>'],
    ['a hyphen that does not break', '<p>e\u2011mail</p>', '<p>e-mail</p>'],
    ['a direction mark', '<p>abc\u200e</p>', '<p>abc</p>'],
    ['an Arabic letter mark', '<p>\u061cabc</p>', '<p>abc</p>'],
    ['a joiner that Latin letters do not need', '<p>shelf\u200cful</p>', '<p>shelfful</p>'],
    ['a narrow space between digits', '<p>10\u202f000 €</p>', '<p>10 000 €</p>'],
    ['a minus sign', '<p>\u22125 °C</p>', '<p>-5 °C</p>'],
    ['a variant of a sign', '<p>❤\ufe0f</p>', '<p>❤</p>'],
    ['how XML is laid out', xml('<a><b>1</b></a>'), xml('<a>\n  <b>1</b>\n</a>')],
    ['how long ago it was', '<p>Updated 3 minutes ago by Ann</p>', '<p>Updated an hour ago by Ann</p>'],
    ['the same in German', '<p>vor 3 Minuten</p>', '<p>vor 2 Stunden</p>'],
    ['the same in Japanese', '<p>3分前</p>', '<p>2時間前</p>'],
    ['the same in JSON', json('{"seen":"3 days ago"}'), json('{"seen":"4 days ago"}')],
    ['the order of keys', json('{"stock":1,"name":"Mug"}'), json('{"name":"Mug", "stock":1}')],
  ])('is %s', async (_what, before, after) => {
    expect(briefsOf((await looks([before, after]))[1])).toEqual([]);
  });

  it.each([
    ['a letter', '<p>Grüne</p>', '<p>Gräne</p>', 'Grüne → Gräne'],
    ['a small amount of a large sum', '<p>1,234,567,890,123.45</p>', '<p>1,234,567,890,123.46</p>', '.45 →'],
    [
      'the last digit of a large id',
      json('{"latest_id":9007199254740992}'),
      json('{"latest_id":9007199254740993}'),
      'latest_id: 9007199254740992 → 9007199254740993',
    ],
    ['a trailing zero', json('{"version":1.1}'), json('{"version":1.10}'), 'version: 1.1 → 1.10'],
    [
      'a date that looks like the number of an entry',
      '<p>25. November</p>',
      '<p>26. November</p>',
      '25. November → 26. November',
    ],
  ])('is not %s', async (_what, before, after, headline) => {
    expect(briefOf((await looks([before, after]))[1])?.title).toContain(headline);
  });

  it('is not one value of JSON, which is named by itself', async () => {
    const prices = [json('{"price":49.90}'), json('{"price":44.90}')];
    const brief = briefOf((await looks(prices, { selector: '$.price' }))[1]);
    expect(brief?.title).toMatch(/[^:] *: 49\.90 → 44\.90 \(−10 %\)$/);
    expect(brief?.title).not.toContain(': :');
    expect(brief?.summary).not.toContain('`$`');
  });

  it('is how long ago something was, unless the person wants to know', async () => {
    const pages = ['<p>Seen 3 minutes ago</p>', '<p>Seen 5 minutes ago</p>'];
    expect(briefOf((await looks(pages, { includeNoise: true }))[1])?.title).toContain(
      '3 minutes ago → Seen 5 minutes ago',
    );
  });

  it('is one change where an entry has moved', async () => {
    const [, second] = await looks([list(...NINE), list('Entry 8', ...NINE.slice(0, 8))]);
    expect(briefOf(second)?.title).toMatch(/: Moved: .*Entry 8$/);
    expect(briefOf(second)?.summary).toContain('* Moved: • Entry 8');
  });

  it('is the number of a row before which others came', async () => {
    const table = (...names: string[]) =>
      `<table>${names.map((name, at) => `<tr><td>${at + 1}</td><td>${name}</td></tr>`).join('')}</table>`;
    const [, second] = await looks([table(...NINE), table('New entry', ...NINE)]);
    expect(briefOf(second)?.title).toMatch(/: New: [^→]*New entry[ |]*$/);
  });

  it('is the number of an entry before which others came', async () => {
    const [, second] = await looks([list(...NINE), list('New entry', ...NINE)]);
    expect(briefOf(second)?.title).toMatch(/: New: .*New entry$/);
    expect(briefOf(second)?.summary).not.toMatch(/^-/m);
  });
});

describe('a feed', () => {
  const rss = (hour: number, ...items: string[]) => ({
    headers: { 'content-type': 'application/rss+xml' },
    body: `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><lastBuildDate>Sat, 28 Nov 2026 0${hour}:00:00 GMT</lastBuildDate>${items
      .map(
        (id) =>
          `<item><title><![CDATA[Item ${id} & more]]></title><guid>${id}</guid><link>https://news.example/${id}</link></item>`,
      )
      .join('')}</channel></rss>`,
  });

  it('has news in its new items, each once, and none in its own date', async () => {
    const [first, second, third, gone, back] = await looks([
      rss(0, '1'),
      rss(1, '1'),
      rss(2, '3', '2', '1'),
      rss(3, '4', '3'),
      rss(4, '4', '1'),
    ]);
    expect(first).toMatchObject({
      title: 'Watching News',
      content: expect.stringContaining('a feed of 1 item'),
    });
    expect(briefsOf(second)).toEqual([]);
    expect(briefOf(third)?.title).toBe('News: New: Item 3 & more and 1 more change');
    expect(briefOf(third)?.summary).toContain('[Item 3 \\& more](<https://news.example/3>)');
    expect(briefOf(gone)?.title).toBe('News: New: Item 4 & more');
    expect(briefsOf(back)).toEqual([]);
  });

  it.each([
    [
      'Atom',
      'application/atom+xml',
      (id: string) =>
        `<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry><id>${id}</id><title>Item ${id}</title></entry></feed>`,
    ],
    [
      'JSON Feed',
      'application/feed+json',
      (id: string) =>
        JSON.stringify({
          version: 'https://jsonfeed.org/version/1.1',
          title: 'News',
          items: [{ id, content_text: `Item ${id}` }],
        }),
    ],
    [
      'RSS 1.0',
      'application/xml',
      (id: string) =>
        `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel rdf:about="x"><title>News</title></channel><item rdf:about="${id}"><title>Item ${id}</title></item></rdf:RDF>`,
    ],
  ])('may be %s', async (_format, type, body) => {
    const [, second] = await looks(
      ['1', '2'].map((id) => ({ headers: { 'content-type': type }, body: body(id) })),
    );
    expect(briefOf(second)?.title).toBe('News: New: Item 2');
  });

  it('has no news in how the address of an item is written', async () => {
    const linked = (link: string) => ({
      headers: { 'content-type': 'application/rss+xml' },
      body: `<rss version="2.0"><channel><title>N</title><item><title>a</title><link>${link}</link></item></channel></rss>`,
    });
    const addresses = [
      'http://n.example/a?id=1&amp;utm_source=rss',
      'https://n.example/a?id=1&amp;utm_source=feed',
    ];
    const [, second, third] = await looks([...addresses, 'https://n.example/a?id=2'].map(linked));
    expect(briefsOf(second)).toEqual([]);
    expect(briefOf(third)?.title).toBe('N: New: a');
  });

  it('may call itself a web page', async () => {
    const feed = (...ids: string[]) => ({ ...rss(0, ...ids), headers: { 'content-type': 'text/html' } });
    const [, second] = await looks([feed('1'), feed('2', '1')]);
    expect(briefOf(second)?.title).toBe('News: New: Item 2 & more');
  });

  it('may give all items one id', async () => {
    const one = (...titles: string[]) => ({
      headers: { 'content-type': 'application/rss+xml' },
      body: `<rss version="2.0"><channel><title>N</title>${titles.map((title) => `<item><guid>x</guid><title>${title}</title></item>`).join('')}</channel></rss>`,
    });
    const [, second] = await looks([one('a', 'b'), one('a', 'b', 'c')]);
    expect(briefOf(second)?.title).toBe('N: New: c');
  });
});

describe('the brief of a change', () => {
  it.each([
    ['a price', '<p>Mug € 49.90</p>', '<p>Mug € 44.90</p>', '€ 49.90 → € 44.90 (−10 %)'],
    [
      'a price of another country',
      '<p>1.299,00 EUR</p>',
      '<p>1.429,00 EUR</p>',
      '1.299,00 EUR → 1.429,00 EUR (+10 %)',
    ],
    [
      'a price in groups by spaces',
      '<p>1 234,56 €</p>',
      '<p>1 111,10 €</p>',
      '1 234,56 € → 1 111,10 € (−10 %)',
    ],
    ['a price in lakhs', '<p>₹12,34,567</p>', '<p>₹11,11,110</p>', '₹12,34,567 → ₹11,11,110 (−10 %)'],
    ['a word', '<p>The sky is grey today</p>', '<p>The sky is blue today</p>', 'grey → blue'],
    ['a new line', '<p>a</p>', '<p>a</p><p>Now open</p>', 'New: Now open'],
    ['a line that is gone', '<p>a</p><p>Sold out</p>', '<p>a</p>', 'Gone: Sold out'],
    ['a date', '<p>On 2026-11-28</p>', '<p>On 2026-11-29</p>', 'On 2026-11-28 → On 2026-11-29'],
    [
      'a value in a tree',
      json('{"items":[{"id":7,"price":10}]}'),
      json('{"items":[{"id":8,"price":1},{"id":7,"price":9}]}'),
      'items[id=7].price: 10 → 9 (−10 %) and 1 more change',
    ],
  ])('names %s', async (_what, before, after, headline) => {
    const [, second] = await looks([before, after]);
    expect(briefOf(second)).toMatchObject({
      type: 'insight',
      title: `127.0.0.1${new URL(pages.url).host.slice(9)}: ${headline}`,
    });
  });

  it('marks the words that differ, and has the difference below', async () => {
    const [, second] = await looks(['<p>The sky is grey</p>', '<p>The sky is *blue*</p>']);
    expect(briefOf(second)?.summary).toMatch(
      /\* The sky is ~~grey~~ \*\*\\\*blue\\\*\*\*\n\n```diff\n[\s\S]*-The sky is grey\n\+The sky is \*blue\*\n```/,
    );
  });

  it('links the page, and offers to ignore what changed', async () => {
    const adds = { ignorePatterns: ['^\\d+ visitors today$'] };
    const [, second] = await looks(['<p>7 visitors today</p>', '<p>8 visitors today</p>']);
    expect(briefOf(second)?.actions).toEqual([
      { key: 'acknowledge', label: 'Done' },
      { key: 'open', label: 'Open page', url: pages.url },
      { key: 'ignore', label: 'Stop reporting changes of this part', adds },
      { key: 'dismiss', label: 'Dismiss' },
    ]);
    const [, again] = await looks(['<p>8 visitors today</p>', '<p>123 visitors today</p>'], adds);
    expect(briefsOf(again)).toEqual([]);
  });
});
