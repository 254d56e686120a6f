import { LIMITS } from '@everbeat/domain';
import { type PageServer, startPageServer } from '@everbeat/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleRequest } from '../../../test/contract';
import { watchConfigSchema, watchSettingsSchema } from './config';
import { watchKind } from './watchKind';

const SECRET = 'canary-5f3d01';
const url = 'https://example.com/';
const problemsOf = (settings: object): string[] =>
  watchSettingsSchema.safeParse({ url, ...settings }).error?.issues.map(({ message }) => message) ?? [];
const named = (count: number, value = 'v') =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, value]));

describe('what a watch may send', () => {
  it('is headers, cookies and a user agent', () => {
    const settings = { headers: { Authorization: 'Bearer x' }, cookies: { sid: 'a=b' }, userAgent: 'Me/1.0' };
    expect(problemsOf(settings)).toEqual([]);
  });

  it.each([
    ['Host', 'is set by the call itself'],
    ['content-length', 'is set by the call itself'],
    ['Connection', 'is set by the call itself'],
    ['Transfer-Encoding', 'is set by the call itself'],
    ['Accept-Encoding', 'is set by the watch itself'],
    ['If-None-Match', 'is set by the watch itself'],
    ['Cookie', 'has a setting of its own: cookies'],
    ['User-Agent', 'has a setting of its own: userAgent'],
  ])('is no header %s, which is said', (name, why) => {
    expect(problemsOf({ headers: { [name]: 'x' } })).toEqual([`"${name.toLowerCase()}" ${why}`]);
  });

  it('has limits, up to which it is accepted', () => {
    expect(problemsOf({ headers: named(LIMITS.watchHeadersMax) })).toEqual([]);
    expect(problemsOf({ headers: named(LIMITS.watchHeadersMax + 1) })).toEqual([
      `at most ${LIMITS.watchHeadersMax} headers`,
    ]);
    expect(problemsOf({ cookies: named(LIMITS.watchCookiesMax) })).toEqual([]);
    expect(problemsOf({ cookies: named(LIMITS.watchCookiesMax + 1) })).toEqual([
      `at most ${LIMITS.watchCookiesMax} cookies`,
    ]);
    expect(problemsOf({ headers: { a: 'x'.repeat(LIMITS.headerCharsMax) } })).toEqual([]);
    expect(problemsOf({ headers: { a: 'x'.repeat(LIMITS.headerCharsMax + 1) } })).toHaveLength(1);
    expect(problemsOf({ cookies: { a: 'x'.repeat(LIMITS.watchCookieCharsMax) } })).toEqual([]);
    expect(problemsOf({ cookies: { a: 'x'.repeat(LIMITS.watchCookieCharsMax + 1) } })).toHaveLength(1);
    expect(problemsOf({ userAgent: 'x'.repeat(LIMITS.userAgentCharsMax) })).toEqual([]);
    expect(problemsOf({ userAgent: 'x'.repeat(LIMITS.userAgentCharsMax + 1) })).toHaveLength(1);
    const half = LIMITS.watchRequestCharsMax / 2;
    const together = (last: number) => ({
      headers: { a: 'x'.repeat(half - 1), b: 'x'.repeat(half / 2 - 1) },
      cookies: { c: 'x'.repeat(half / 4 - 1), d: 'x'.repeat(half / 4 - 1 + last) },
    });
    expect(problemsOf(together(0))).toEqual([]);
    expect(problemsOf(together(1))).toEqual([
      `headers and cookies may have ${LIMITS.watchRequestCharsMax} characters together`,
    ]);
  });

  it('can be sent, and its error messages do not quote the values', () => {
    for (const settings of [
      { headers: { a: `${SECRET}\nb: c` } },
      { headers: { 'a b': SECRET } },
      { headers: { a: SECRET, A: SECRET } },
      { cookies: { a: `${SECRET}; b=c` } },
      { cookies: { 'a b': SECRET } },
      { cookies: { a: `${SECRET}☃` } },
      { userAgent: `${SECRET}☃` },
    ]) {
      const problems = problemsOf(settings);
      expect(problems, JSON.stringify(settings)).toHaveLength(1);
      expect(problems.join()).not.toContain(SECRET);
    }
  });

  it.each([{ headers: { a: 'b' } }, { cookies: { a: 'b' } }, { userAgent: 'b' }])(
    'is for one address, on an agent and on a task: %o',
    (request) => {
      for (const schema of [watchConfigSchema, watchSettingsSchema])
        expect(schema.safeParse(request).error?.issues[0]?.message).toBe(
          'needs the url of the page that it is for',
        );
    },
  );
});

describe('a watch with headers and cookies', () => {
  const runtime = watchKind.createRuntime({
    addressPolicy: { privateAddresses: 'any' },
    secondLookMs: 1,
    browserPath: 'none',
  });
  let pages: PageServer;
  let elsewhere: PageServer;
  beforeAll(async () => {
    [pages, elsewhere] = await Promise.all([startPageServer(), startPageServer()]);
  });
  afterAll(() => Promise.all([pages.close(), elsewhere.close()]));

  const own = { headers: { 'X-Key': SECRET }, cookies: { sid: SECRET }, userAgent: 'Me/1.0' };
  const look = (fields: object = own, path = '/') =>
    runtime.run(exampleRequest({ settings: { url: `${pages.url}${path}`, ...fields } }));
  const last = ({ visits }: PageServer) => visits.at(-1)?.headers;

  it('sends them with each request', async () => {
    pages.serve('<title>Members</title><p>Hello</p>');
    expect(await look()).toMatchObject({ kind: 'done' });
    expect(last(pages)).toMatchObject({ 'x-key': SECRET, cookie: `sid=${SECRET}`, 'user-agent': 'Me/1.0' });
  });

  it('sends them to no other origin that a redirect leads to, and again to its own', async () => {
    pages.serve({ status: 302, headers: { location: `${elsewhere.url}/gate` } }, '/start');
    elsewhere.serve({ status: 302, headers: { location: `${pages.url}/end` } }, '/gate');
    pages.serve('<p>Inside</p>', '/end');
    await look(
      { ...own, headers: { ...own.headers, Accept: 'text/x-mine', 'Accept-Language': SECRET } },
      '/start',
    );
    expect(elsewhere.visits.length).toBeGreaterThan(0);
    expect(JSON.stringify(elsewhere.visits)).not.toContain(SECRET);
    expect(JSON.stringify(elsewhere.visits)).not.toContain('text/x-mine');
    expect(last(elsewhere)).toMatchObject({ 'user-agent': 'Me/1.0' });
    expect(last(pages)).toMatchObject({ 'x-key': SECRET, accept: 'text/x-mine' });
  });

  it('lets the cookies that a redirect sets replace its own', async () => {
    pages.serve({ status: 302, headers: { location: '/in', 'set-cookie': 'sid=fresh; Path=/' } }, '/login');
    pages.serve('<p>Inside</p>', '/in');
    await look({ cookies: { sid: 'old', theme: 'dark' } }, '/login');
    expect(last(pages)?.cookie).toBe('theme=dark; sid=fresh');
  });

  it('keeps them out of the report and the memory of a page that quotes them', async () => {
    pages.serve(`<title>${SECRET}</title><p>You sent ${SECRET} to us</p>`, '/echo');
    const echoed = await look(own, '/echo');
    expect(echoed).toMatchObject({
      kind: 'done',
      memory: { text: expect.stringContaining('You sent [redacted] to us') },
    });
    pages.serve(
      { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ key: SECRET }) },
      '/json',
    );
    pages.serve(
      {
        headers: { 'content-type': 'application/rss+xml' },
        body: `<rss version="2.0"><channel><title>${SECRET}</title><item><title>${SECRET} sold</title><link>https://a.example/${SECRET}</link></item></channel></rss>`,
      },
      '/feed',
    );
    const outcomes = [echoed, await look(own, '/json'), await look(own, '/feed')];
    expect(outcomes.map(({ kind }) => kind)).toEqual(['done', 'done', 'done']);
    expect(JSON.stringify(outcomes)).not.toContain(SECRET);
  });

  it('keeps them out of the error of a page that quotes them', async () => {
    pages.serve(`<title>500 ${SECRET}</title><p>500 Internal server error | ${SECRET}</p>`, '/broken');
    pages.serve({ status: 403, body: SECRET }, '/closed');
    const outcomes = [await look(own, '/broken'), await look(own, '/closed')];
    expect(JSON.stringify(outcomes)).not.toContain(SECRET);
  });

  it('says what to do where they do not let it in', async () => {
    pages.serve({ status: 401 }, '/closed');
    elsewhere.serve({ status: 401 });
    pages.serve({ status: 302, headers: { location: elsewhere.url } }, '/moved');
    expect(await look({}, '/closed')).toMatchObject({
      errorMessage: expect.stringContaining('set the headers or cookies that let you in'),
    });
    expect(await look({}, '/closed')).not.toHaveProperty('failureClass');
    expect(await look(own, '/closed')).toMatchObject({
      failureClass: 'needs-person',
      errorMessage: expect.stringContaining('they may have run out; enter them anew'),
    });
    expect(await look(own, '/moved')).not.toHaveProperty('failureClass');
    pages.serve({ status: 403, headers: { 'retry-after': '60' } }, '/busy');
    expect(await look(own, '/busy')).toMatchObject({ failureClass: 'rate-limit' });
    expect(await look(own, '/moved')).toMatchObject({
      errorMessage: expect.stringContaining(
        `sent to ${pages.url} alone, which redirects to ${elsewhere.url}`,
      ),
    });
  });
});
