import { describe, expect, it } from 'vitest';
import { foldLine } from '../compare/fold';
import { readPage } from '../reading/readPage';
import { outlineOf } from './outline';

const answer = (body: string, contentType = 'text/html; charset=utf-8') => ({
  bytes: Buffer.from(body),
  isCut: false,
  contentType,
  host: 'shop.example',
});

async function outline(body: string, contentType?: string, selector: string | null = null) {
  const sent = answer(body, contentType);
  const reading = await readPage(sent, { selector: null, without: [] });
  return outlineOf(sent, reading, { selector, without: [] });
}
const textAt = async (body: string, selector: string, contentType?: string) =>
  (await readPage(answer(body, contentType), { selector, without: [] })).text;

const SHOP = `<!doctype html><title>Mug</title>
  <header><nav><ul class="menu"><li>Home<li>Mugs</ul></nav><span class="cart-total">€ 0.00</span></header>
  <main>
    <h1>Enamel mug</h1>
    <div class="offer css-1x2y3z"><del class="old-price">€ 59.90</del> <span class="price mt-4">€ 49.90</span></div>
    <p class="shipping">plus € 4.90 shipping</p>
    <h2>Opening hours</h2>
    <table><tr><td>Monday</td><td>9 to 17</td></tr><tr><td>Tuesday</td><td>9 to 12</td></tr></table>
    <section id="reviews"><h2>Reviews</h2><p>Good mug, keeps warm.</p></section>
    <div class="grid"><div class="col-6"><p>First note</p></div><div class="col-6"><p>Second note</p></div></div>
  </main><footer><p class="legal">Imprint</p></footer>`;

describe('the parts of a page', () => {
  it('have short selectors of names that people gave, each of one part only', async () => {
    const { parts } = await outline(SHOP);
    expect(parts.map(({ selector, label }) => [selector, label])).toEqual(
      expect.arrayContaining([
        ['main', 'Main content “Enamel mug”'],
        ['h1', 'Heading'],
        ['.price', 'Price'],
        ['.old-price', 'Old price'],
        ['table', 'Table'],
        ['#reviews', 'Section “Reviews”'],
      ]),
    );
  });

  it('are what the watcher reads by their selectors', async () => {
    const { parts } = await outline(SHOP);
    expect(parts.length).toBeGreaterThan(5);
    for (const { selector, text } of parts) {
      const read = await textAt(SHOP, selector);
      expect(read.startsWith(text) || text.startsWith(read), selector).toBe(true);
    }
  });

  it.each([
    ['an id', '<p id="stock">Three left</p><p>Other</p>', '#stock'],
    [
      'a name for tests',
      '<p data-testid="stock">Three left</p><p class="x">Other</p>',
      '[data-testid="stock"]',
    ],
    ['a class that says what it is', '<p class="mt-2 stock css-1a2b3c">Three left</p><p>Other</p>', '.stock'],
    [
      'the heading before it',
      '<h2>Stock</h2><ul><li>Three left</ul><ul><li>Other</ul>',
      'h2:contains("Stock") + ul',
    ],
    [
      'the heading that begins it',
      '<section><h2>Stock</h2>Three left</section><section><h2>Else</h2>Other</section>',
      'section:has(> h2:contains("Stock"))',
    ],
    [
      'its place in a named part',
      '<div id="a">At hand<ul><li>Three left</ul></div><ul><li>Other</ul>',
      '#a ul',
    ],
    ['its place in the page', '<ul><li>Other</ul><ul><li>Three left</ul>', 'body > ul:nth-of-type(2)'],
  ])('are named by %s', async (_, body, selector) => {
    const { parts } = await outline(`<title>t</title><body>${body}`);
    expect(parts.map((part) => part.selector)).toContain(selector);
  });

  it('are not named by what each build or visit makes anew', async () => {
    const { parts } = await outline(
      '<body><div id="ember1042"><ul class="sc-bdVaJa"><li>One</ul></div><div id=":r1:"><ol class="css-8xk2p1"><li>Two</ol></div>',
    );
    expect(parts.map(({ selector }) => selector).join(' ')).not.toMatch(/sc-|css-|:r1/);
  });

  it('of a page with thousands of them are few', async () => {
    const rows = Array.from(
      { length: 3_000 },
      (_, row) => `<section id="s${row}"><h2>Row</h2><p>${row}</p></section>`,
    );
    const { parts } = await outline(`<body>${rows.join('')}`);
    expect(parts).toHaveLength(24);
  });
});

describe('the price of a page', () => {
  it('is the one that is asked for now, before others', async () => {
    const { prices } = await outline(SHOP);
    expect(prices[0]).toEqual({ selector: '.price', text: '€ 49.90', amount: 49.9 });
    expect(prices.map(({ amount }) => amount)).not.toContain(59.9);
    expect(prices.map(({ amount }) => amount)).not.toContain(0);
  });

  it.each([
    ['<span class="a-price">1.299,00&nbsp;EUR</span>', 1_299],
    ['<b>$1,299.00</b>', 1_299],
    ['<p>Price: <strong>CHF 89.-</strong></p>', 89],
    ['<div itemprop="offers"><span itemprop="price">249 kr</span></div>', 249],
    ['<td>4 990 Kč</td>', 4_990],
    ['<span>¥12,800</span>', 12_800],
  ])('is read in %s', async (body, amount) => {
    const page = `<title>t</title><h1>Thing</h1><table><tr>${body}</tr></table>`;
    const [price] = (await outline(page)).prices;
    expect(price?.amount).toBe(amount);
    expect(foldLine(await textAt(page, price?.selector ?? ''))).toBe(price?.text);
  });

  it('is the one that the page states for search engines, where it shows several', async () => {
    const page = `<script type="application/ld+json">{"@type":"Product","offers":{"price":"35.00"}}</script>
      <h1>Lamp</h1><i>€ 12.00</i> <b>€ 35.00</b>`;
    expect((await outline(page)).prices[0]?.amount).toBe(35);
  });

  it('is taken from where it is stated, if it is shown nowhere', async () => {
    const page = '<meta property="product:price:amount" content="35.00"><h1>Lamp</h1>';
    expect((await outline(page)).prices).toEqual([
      { selector: 'meta[property="product:price:amount"]@content', text: '35.00', amount: 35 },
    ]);
  });

  it('is found in no page without one', async () => {
    expect((await outline('<h1>News</h1><p>On 28.11.2026 at 12:30, 40 people')).prices).toEqual([]);
  });
});

describe('the branches of JSON', () => {
  const JSON_TEXT = `{"shop":{"name":"Mugs","items":[{"id":7,"price":49.90},{"id":8,"price":12.00}],"a-b":["x",null,true]},
    "big":9007199254740993}`;

  it('have paths that select what they show', async () => {
    const { branches, prices } = await outline(JSON_TEXT, 'application/json');
    expect(branches.map(({ path }) => path)).toEqual(
      expect.arrayContaining([
        '$',
        '$.shop.name',
        '$.shop.items[?@.id==7].price',
        "$.shop['a-b'][0]",
        '$.big',
      ]),
    );
    expect(prices[0]).toEqual({
      selector: '$.shop.items[?@.id==7].price',
      text: 'price: 49.90',
      amount: 49.9,
    });
    for (const { path, value } of branches.filter((branch) => branch.value !== null)) {
      expect(await textAt(JSON_TEXT, path, 'application/json'), path).toBe(value);
    }
  });

  it.each(["it's", 'say "no"', 'back\\slash', 'tab\there', 'ünïcode', ''])(
    'reach the key %j',
    async (key) => {
      const body = JSON.stringify({ [key]: 'here' });
      const { branches } = await outline(body, 'application/json');
      expect(await textAt(body, branches[1]?.path ?? '', 'application/json')).toBe('here');
    },
  );

  it('of long lists are their beginning', async () => {
    const body = JSON.stringify(Array.from({ length: 5_000 }, (_, index) => ({ index })));
    const { branches } = await outline(body, 'application/json');
    expect(branches[0]).toMatchObject({ path: '$', entries: 5_000 });
    expect(branches.length).toBeLessThan(20);
  });
});

describe('a selector that a person typed', () => {
  it.each([
    ['h2', 2, 'Opening hours\nReviews'],
    ['//table//td[1]', 2, 'Monday\nTuesday'],
    ['.gone', 0, ''],
  ])('%s matches %i parts', async (selector, matches, text) => {
    const { selection } = await outline(SHOP, undefined, selector);
    expect(selection).toMatchObject({ matches, text });
    expect(selection?.problem === null).toBe(matches > 0);
  });

  it.each([
    ['$.price', 'text/html', '<h1>x</h1>', 'Use a CSS selector or an XPath'],
    ['h1', 'application/json', '{"a":1}', 'Use a JSONPath'],
    ['h1', 'text/plain', 'hello', 'Remove the selector'],
    ['$.b', 'application/json', '{"a":1}', '0 matches'],
  ])('%s is refused in %s', async (selector, contentType, body, problem) => {
    expect((await outline(body, contentType, selector)).selection?.problem).toContain(problem);
  });
});
