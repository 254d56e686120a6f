import { type PageServer, startPageServer } from '@everbeat/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleRequest, expectStorable } from '../../../test/contract';
import { watchKind } from './watchKind';

const runtime = watchKind.createRuntime({ addressPolicy: { privateAddresses: 'any' }, secondLookMs: 1 });

let pages: PageServer;
beforeAll(async () => {
  pages = await startPageServer();
});
afterAll(() => pages.close());

/** One run, while the page is another at each visit. */
async function look(visits: (number: number) => string, memory: unknown, config: object = {}) {
  let visit = 0;
  pages.serve(() => ({ body: visits(++visit), headers }));
  const outcome = await runtime.run(exampleRequest({ config: { url: pages.url, ...config }, memory }));
  if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
  expectStorable(outcome);
  return { ...outcome, visits: visit, memory: outcome.memory ?? memory };
}
let headers = { 'content-type': 'text/html' };

const AD = ['Buy shoes', 'Try our soap!', 'Fly to Rome', 'Lose weight', 'Win a car'];

describe('what changes by itself', () => {
  it.each([
    ['a counter', (n: number, price: string) => `<p>Mug</p><p>${1_000 + n} visitors</p><p>${price}</p>`],
    ['a clock', (n: number, price: string) => `<p>It is 12:03:${10 + n} on Monday</p><p>${price}</p>`],
    ['a token', (n: number, price: string) => `<p>Request ${'abcdefgh'[n]}x9k</p><p>${price}</p>`],
    [
      'an advertisement',
      (n: number, price: string) => `<p>Advertisement</p><p>${AD[n % 5]}</p><p>${price}</p>`,
    ],
  ])('is left out: %s', async (_what, page) => {
    const first = await look((n) => page(n, '49 EUR'), null);
    expect(first.visits).toBe(3);
    expect(first.content).toContain('left out');
    const later = await look((n) => page(n + 3, '49 EUR'), first.memory);
    expect(later).toMatchObject({ title: 'No change', visits: 1 });
    const changed = await look((n) => page(n + 2, '45 EUR'), first.memory);
    expect(changed.briefs?.[0]?.title).toContain('49 EUR → 45 EUR (−8.2 %)');
  });

  it('is left out of JSON by its path', async () => {
    headers = { 'content-type': 'application/json' };
    const first = await look((n) => `{"time":${n},"price":49}`, null);
    const later = await look(() => '{"time":99,"price":45}', first.memory);
    expect(later.briefs?.[0]?.title).toContain('price: 49 → 45 (−8.2 %)');
    expect(later.briefs?.[0]?.summary).not.toContain('`$.time`');
    headers = { 'content-type': 'text/html' };
  });

  it('is reported where the person wants it', async () => {
    const page = (n: number) => `<p>${n} visitors</p>`;
    const first = await look(page, null, { includeNoise: true });
    expect(first.visits).toBe(1);
    const later = await look((n) => page(n + 1), first.memory, { includeNoise: true });
    expect(later.briefs?.[0]?.title).toContain('1 visitors → 2 visitors');
  });

  it('is not what changed once, between the first two looks', async () => {
    const page = (n: number) => `<p>Mug: ${n === 1 ? '49' : '45'} EUR</p>`;
    const first = await look(page, null);
    expect(first.content).not.toContain('left out');
    const later = await look(() => '<p>Mug: 39 EUR</p>', first.memory);
    expect(later.briefs).toHaveLength(1);
  });

  it('is not learned by a trial, nor where a site refused the second look', async () => {
    let visits = 0;
    pages.serve(() =>
      ++visits > 1 ? { status: 429, headers: { 'retry-after': '40' } } : { body: '<p>a</p>' },
    );
    const request = (fields: object) => exampleRequest({ config: { url: pages.url }, ...fields });
    expect(await runtime.run(request({}))).toMatchObject({ retryAfterSeconds: 40 });
    visits = 0;
    expect(await runtime.run(request({ attempt: 2 }))).toMatchObject({ kind: 'done' });
    visits = 0;
    expect(await runtime.run(request({ isTrial: true }))).toMatchObject({ kind: 'done' });
  });
});

describe('the rules of a watch', () => {
  /** The titles of the briefs of looks at each page in turn; null for none. */
  async function titles(config: object, ...versions: string[]) {
    let memory: unknown = null;
    const found: (string | null)[] = [];
    for (const version of versions) {
      const seen = await look(() => version, memory, config);
      memory = seen.memory;
      found.push(seen.briefs?.[0]?.title.replace(/^[^:]*:\d+: /, '') ?? null);
    }
    return found.slice(1);
  }

  it.each([
    ['lines with a text', { ignoreText: ['VISITORS'] }],
    ['what matches a pattern', { ignorePatterns: ['\\d+ visitors'] }],
    ['elements of the page', { ignoreSelectors: ['.count'] }],
  ])('leave out %s', async (_what, config) => {
    const page = (count: number, price: number) =>
      `<p class="count">${count} visitors</p><p>${price} EUR</p>`;
    expect(await titles(config, page(1, 49), page(2, 49), page(3, 45))).toEqual([
      null,
      '49 EUR → 45 EUR (−8.2 %)',
    ]);
  });

  it('leave out parts of JSON', async () => {
    headers = { 'content-type': 'application/json' };
    const page = (views: number, price: number) => `{"items":[{"views":${views},"price":${price}}]}`;
    const config = { ignorePaths: ['$.items[*].views'] };
    expect(await titles(config, page(1, 49), page(2, 49), page(3, 45))).toEqual([
      null,
      expect.stringContaining('price: 49 → 45'),
    ]);
    headers = { 'content-type': 'text/html' };
  });

  it('report only what holds a text, each time that it comes', async () => {
    const pages = ['<p>In stock</p>', '<p>Sold out</p>', '<p>In stock</p>'];
    expect(await titles({ onlyIfContains: 'in stock' }, ...pages)).toEqual([null, 'Sold out → In stock']);
  });

  const prices = (...numbers: number[]) => numbers.map((number) => `<p>${number} EUR</p>`);
  it('report a number that falls below a threshold, once', async () => {
    expect(await titles({ below: 45 }, ...prices(49, 46, 44, 43, 46, 44.5))).toEqual([
      null,
      '49 EUR → 44 EUR (−10 %)',
      null,
      null,
      expect.stringContaining('44.5 EUR'),
    ]);
  });

  it('report a number that rises above a threshold', async () => {
    expect(await titles({ above: 50 }, ...prices(49, 50, 51))).toEqual([null, '49 EUR → 51 EUR (+4.1 %)']);
  });

  it('report a number that has moved by more than some percent, in one step or in many', async () => {
    expect(await titles({ byPercent: 5 }, ...prices(100, 97, 94, 93))).toEqual([
      null,
      '100 EUR → 94 EUR (−6 %)',
      null,
    ]);
  });
});
