import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { PAGE_BYTES_MAX, readPage } from './readPage';

const answer = (body: string | Uint8Array, contentType = 'text/html; charset=utf-8') => ({
  bytes: typeof body === 'string' ? Buffer.from(body) : body,
  isCut: false,
  contentType,
  host: 'shop.example',
});
const read = (body: string | Uint8Array, contentType?: string, selector: string | null = null) =>
  readPage(answer(body, contentType), { selector, without: [] });
const textOf = async (body: string | Uint8Array, contentType?: string, selector?: string) =>
  (await read(body, contentType, selector)).text;
const select = (body: string, selector: string) => textOf(body, undefined, selector);
const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  );

describe('the encoding of a page', () => {
  it.each([
    [
      'the header',
      'text/plain; charset=windows-1252',
      bytes('Price ', [0x80], ' 19 ', [0x96], ' ok'),
      'Price € 19 – ok',
    ],
    ['the header, over the page', 'text/html; charset=utf-8', '<meta charset="koi8-r">für', 'für'],
    ['its own declaration', 'text/html', bytes('<meta charset="windows-1252">caf', [0xe9]), 'café'],
    [
      'a declaration far down',
      'text/html',
      bytes(`<!--${' '.repeat(3_000)}--><meta charset=iso-8859-15>`, [0xa4]),
      '€',
    ],
    [
      'a declaration, not one in a comment',
      'text/html',
      bytes('<!-- <meta charset=koi8-r> --><meta charset=latin1>', [0xe9]),
      'é',
    ],
    ['a declaration of utf-16 that cannot be one', 'text/html', '<meta charset="utf-16">größer', 'größer'],
    ['a byte order mark', 'text/html; charset=latin1', Buffer.from('\ufeff<p>größer', 'utf16le'), 'größer'],
    ['an unknown declaration', 'text/html; charset=klingon', 'größer', 'größer'],
    ['nothing, in UTF-8', 'text/html', 'größer', 'größer'],
    ['its escapes', 'text/html', '<meta charset="iso-2022-jp">\x1b$B%K%e!<%9\x1b(B', 'ニュース'],
    ['nothing, in a Western encoding', 'text/html', bytes('<h1>Gr', [0xfc], 'ne</h1>'), 'Grüne'],
    [
      'nothing but the language',
      'text/html',
      bytes('<html lang="cs"><p>P', [0xf8], [0xed], 'li', [0x9a], '</p>'),
      'Příliš',
    ],
  ])('is taken from %s', async (_, contentType, body, text) => {
    expect(await textOf(body, contentType)).toBe(text);
  });

  it.each([
    ['Shift_JIS', '8da193fa82cc836a8385815b8358814689bf8a6982aa8fe382aa82e882dc82b582bd', '今日のニュース'],
    [
      'windows-1251',
      'cdeee2eef1f2e820e4edff3a20f6e5ede020ede020ede5f4f2fc20e2fbf0eef1ebe0',
      'Новости дня: цена на нефть выросла',
    ],
    ['EUC-KR', 'bfc0b4c3c0c720b4bab7b53a20b0a1b0ddc0cc20bfc3b6f6bdc0b4cfb4d9', '오늘의'],
  ])('is guessed where nothing declares it: %s', async (_, hex, text) => {
    const body = bytes('<p>', [...Buffer.from(hex.replaceAll(' ', ''), 'hex')], '</p>');
    expect(await textOf(body, 'text/html')).toContain(text);
  });
});

describe('the text of a page', () => {
  it.each([
    [
      'what is hidden from screen readers alone',
      '<p>Price <span aria-hidden="true">$299</span></p>',
      'Price $299',
    ],
    ['no hidden parts', '<p>a</p><p hidden>b</p><p style="display: none">c</p><dialog>d</dialog>', 'a'],
    [
      'no scripts, styles and templates',
      '<p>a<script>b</script><style>c</style><template>d</template></p>',
      'a',
    ],
    ['navigation', '<nav><a href="/">Home</a></nav><p>a</p>', 'Home\na'],
    ['blocks as lines, however they are nested', '<div>a<div><p>b</p></div></div><br>c', 'a\nb\nc'],
    ['items with a mark, without their numbers', '<ol><li>a<li><p>b</p></ol>', '• a\n• b'],
    ['preformatted text with its lines', '<pre>a\n  b</pre>', 'a\n  b'],
    [
      'what stands in fields',
      '<p>Price <input value="19 €"><input type="hidden" value="token"></p>',
      'Price 19 €',
    ],
    ['the words of buttons', '<form><input type="submit" value="Sold out"></form>', 'Sold out'],
    ['drawn text', '<svg><title>t</title><text>5 °C</text><text>9 °C</text></svg>', '5 °C\n9 °C'],
  ])('has %s', async (_, body, text) => {
    expect(await textOf(body)).toBe(text);
  });

  it('separates the cells of a table, and keeps each column in its place', async () => {
    const table =
      '<table><tr><th>Day<th>Time<th>Note<tr><td>Mon<td><td><p>late</p><p>closed</p><tr><td>Tue<td>9</table>';
    expect(await textOf(table)).toBe('Day | Time | Note\nMon |  | late closed\nTue | 9');
  });

  it('reads a page that is laid out by a table as blocks', async () => {
    const inner = '<table><tr><td>a</td><td>1</td></tr></table>';
    const layout = `<table><tr><td>${'<p>menu</p>'.repeat(6)}</td><td><p>text</p>${inner}</td></tr></table>`;
    expect(await textOf(layout)).toBe(`${'menu\n'.repeat(6)}text\na | 1`);
  });

  it('breaks long paragraphs of Chinese and Japanese by the sentence', async () => {
    const sentence = `${'今日のニュース'.repeat(10)}。`;
    expect(await textOf(`<p>${sentence.repeat(4)}</p>`)).toBe(Array(4).fill(sentence).join('\n'));
  });

  it('wraps a long paragraph so that a new word leaves the lines after it as they were', async () => {
    const words = Array.from({ length: 200 }, (_, at) => `word${at}`).join(' ');
    const [before, after] = await Promise.all([textOf(`<p>${words}</p>`), textOf(`<p>New ${words}</p>`)]);
    const known = new Set(before.split('\n'));
    expect(after.split('\n').filter((line) => !known.has(line))).toHaveLength(1);
  });

  it('parts no character where it wraps', async () => {
    for (const character of ['👍🏽', '👨‍👩‍👧', '𝒳', 'e\u0301']) {
      const lines = (await textOf(`a${character.repeat(300)}`)).split('\n');
      for (const line of lines) expect(line.replace(/^a/, '').replaceAll(character, '')).toBe('');
    }
  });
});

describe('long and hostile pages', () => {
  const rows = (count: number) => Array.from({ length: count }, (_, index) => `<li>${index}</li>`).join('');

  it('reads 10,500 entries, and a part before them', async () => {
    const page = `<h1 id="top">Prices of today</h1><ul>${rows(10_500)}</ul>`;
    expect(await select(page, '#top')).toBe('Prices of today');
    expect(await textOf(page)).toMatch(/• 10499$/);
  });

  it.each(['<b>', '<div>', '<span><i>'])('reads a page of 600 unclosed %s', async (tag) => {
    expect(await textOf(`${tag.repeat(600)}the end`)).toBe('the end');
    expect(await select(`${tag.repeat(600)}<p id="end">the end`, '#end')).toBe('the end');
  });

  it.each([
    ['nested without end', '<div>'.repeat(300_000)],
    ['of very many siblings', '<p>'.repeat(210_000)],
    ['of formatting that piles up', '<p><b>'.repeat(60_000)],
  ])('reads the beginning of a page %s', async (_, rest) => {
    expect(await read(`<h1>Title</h1>${rest}`)).toMatchObject({ text: 'Title', isCut: true });
  });

  it('finds a part that is far down', async () => {
    expect(await select(`<p>${'word '.repeat(450_000)}</p><p id="price">19 €</p>`, '#price')).toBe('19 €');
  });

  it('wraps a line of millions of letters quickly', async () => {
    expect((await textOf('x'.repeat(2_000_000), 'text/plain')).split('\n')).toHaveLength(10_000);
  });
});

describe('selectors', () => {
  const table = '<table id="t"><tr><td>Mug</td><td>19 EUR</td></tr></table>';
  const shop =
    '<title>Shop</title><meta name="price" content="19.00"><script type="application/ld+json">{"offers":{"price":"19.00"}}</script><a href="/a">one</a><a href="/b">two</a>';

  it.each([
    ['a path copied from a browser', table, '#t > tbody > tr:nth-child(1) > td:nth-child(2)', '19 EUR'],
    ['an XPath copied from a browser', table, '/html/body/table/tbody/tr[1]/td[2]', '19 EUR'],
    ['an XPath with a condition', table, '//td[contains(., "EUR")]/preceding-sibling::td', 'Mug'],
    ['an XPath of attributes', shop, '//a/@href', '/a\n/b'],
    ['an XPath that counts', shop, 'xpath:count(//a)', '2'],
    ['the title', shop, 'title', 'Shop'],
    ['an attribute', shop, 'a@href', '/a\n/b'],
    ['an attribute by a prefix', shop, 'css: meta[name=price] @content', '19.00'],
    ['what a meta element says', shop, 'meta[name="price"]', '19.00'],
    [
      'structured data',
      shop,
      'script[type="application/ld+json"]',
      '{\n  "offers": {\n    "price": "19.00"\n  }\n}',
    ],
    ['an element in another one only once', '<div><div>a</div></div>', 'div', 'a'],
    ['an element that is hidden', '<p hidden>stock: 3</p>', 'p', 'stock: 3'],
  ])('reach %s', async (_, page, selector, text) => {
    expect(await select(page, selector)).toBe(text);
  });

  it.each([
    ['$.items[?@.price < 10].name', 'Tea\nMilk'],
    ['$.items[0].id', '9007199254740993'],
    ['json: $..price', '3.50\n4\n120.10'],
    ['$.items[1]', '{\n  "id": 2,\n  "name": "Milk",\n  "price": 4\n}'],
  ])('reach parts of JSON by JSONPath: %s', async (selector, text) => {
    const json =
      '{"items":[{"price":3.50,"name":"Tea","id":9007199254740993},{"name":"Milk","id":2,"price":4},{"name":"Pot","price":120.10}]}';
    expect(await textOf(json, 'application/json', selector)).toBe(text);
  });

  it('reach parts of XML', async () => {
    const feed = '<?xml version="1.0"?><rss><channel><item><title>One</title></item></channel></rss>';
    expect(await textOf(feed, 'application/rss+xml', 'item > title')).toBe('One');
    expect(await textOf(feed, 'application/rss+xml', '//item/title')).toBe('One');
  });

  it.each([
    ['watch_selector_missing', '<p>a</p>', 'text/html', '#gone'],
    ['watch_selector_missing', '<p>a</p>', 'text/html', '//h1'],
    ['watch_selector_missing', '{"a":1}', 'application/json', '$.b'],
    ['watch_selector_not_html', '{"a":1}', 'application/json', 'p'],
    ['watch_selector_not_html', '<p>a</p>', 'text/html', '$.a'],
    ['watch_selector_not_html', 'a', 'text/plain', 'p'],
    ['agent_misconfigured', '<p>a</p>', 'text/html', ':::'],
    ['agent_misconfigured', '<p>a</p>', 'text/html', '//p['],
    ['agent_misconfigured', '<p>a</p>', 'text/html', '$['],
  ])('fail with %s', async (code, body, contentType, selector) => {
    await expect(read(body, contentType, selector)).rejects.toMatchObject({ code });
  });
});

describe('what an answer is, whatever its type says', () => {
  const pdf = readFileSync(new URL('../../../../test/hello.pdf', import.meta.url));
  const packed = bytes([0x28, 0xb5, 0x2f, 0xfd, 0x20, 7, 57, 0, 0], '<p>19 €'.replace('€', 'E'));

  it.each([
    ['JSON', 'text/html; charset=UTF-8', '{"b":1,"a":2}', 'json', '{\n  "a": 2,\n  "b": 1\n}'],
    [
      'JSON with large numbers',
      'application/json',
      '{"id":9007199254740993,"sum":10.10}',
      'json',
      '9007199254740993,\n  "sum": 10.10',
    ],
    ['text that begins like JSON', 'text/plain', '[draft] minutes', 'text', '[draft] minutes'],
    ['a page that begins like JSON', 'text/html', '[<b>draft</b>] minutes', 'text', '[draft] minutes'],
    ['a page', 'text/plain', '<!DOCTYPE html><title>t</title><p>a', 'text', 'a'],
    ['a page', 'application/octet-stream', '<html><p>a', 'text', 'a'],
    ['a page of errors', 'application/json', '<html><p>a', 'text', 'a'],
    ['JSON behind a guard', 'application/json', `)]}'\n{"b":1,"a":2}`, 'json', '{\n  "a": 2,\n  "b": 1\n}'],
    [
      'XML',
      'text/xml',
      '<?xml version="1.0"?><a c="2" b="1"><d> x </d></a>',
      'text',
      '<a b="1" c="2">\n  <d>x</d>\n</a>',
    ],
    [
      'a feed',
      'text/html',
      '<?xml version="1.0"?>\n<rss version="2.0"><channel><title>News</title><item><title>One</title></item></channel></rss>',
      'feed',
      'One',
    ],
    ['YAML', 'binary/octet-stream', 'version: 1\nservices:\n  web: {}\n', 'text', 'services:\n  web: {}'],
    ['YAML', 'application/x-yaml', 'a: 1', 'text', 'a: 1'],
    ['text', '', 'plain words', 'text', 'plain words'],
    ['a PDF', 'text/html', pdf, 'text', 'Hello harbour'],
    ['a packed page', 'application/octet-stream', gzipSync('<html><p>a'), 'text', 'a'],
    ['a page in zstd', 'text/html', packed, 'text', '19 E'],
  ])('%s as "%s"', async (_, contentType, body, kind, text) => {
    const reading = await read(body, contentType);
    expect(reading.kind).toBe(kind);
    expect(reading.text).toContain(text);
  });

  it.each([
    ['image/png', 'x'],
    ['application/octet-stream', bytes([1, 2, 3, 0, 200])],
    ['text/plain', bytes('ab', [0, 1])],
  ])('refuses what is no text: %s', async (contentType, body) => {
    await expect(read(body, contentType)).rejects.toMatchObject({ code: 'watch_unsupported_type' });
  });

  it.each([
    ['a damaged archive', bytes([0x28, 0xb5, 0x2f, 0xfd, 0xff, 0xff])],
    ['a damaged PDF', bytes('%PDF-1.7 nothing')],
  ])('refuses %s', async (_, body) => {
    await expect(read(body)).rejects.toMatchObject({ code: 'watch_unreadable' });
  });

  it('refuses what is packed in a way that nobody here knows, unless it is plain text all the same', async () => {
    const packed = { ...answer(bytes([0xe7, 0xe7, 0xe7, 0xe7])), contentEncoding: 'dcb' };
    await expect(readPage(packed, { selector: null, without: [] })).rejects.toThrow('(dcb)');
    const plain = { ...answer('<p>a'), contentEncoding: 'utf-8' };
    expect(await readPage(plain, { selector: null, without: [] })).toMatchObject({ text: 'a' });
  });

  it('unpacks no more than it reads', async () => {
    const bomb = gzipSync('x'.repeat(PAGE_BYTES_MAX + 1));
    expect(await read(bomb, 'text/plain')).toMatchObject({ isCut: true });
  });
});
