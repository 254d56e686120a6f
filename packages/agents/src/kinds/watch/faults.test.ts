import { type PageServer, startPageServer } from '@everbeat/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleRequest } from '../../../test/contract';
import type { AgentOutcome } from '../../port';
import { watchKind } from './watchKind';

const runtime = watchKind.createRuntime({
  addressPolicy: { privateAddresses: 'any' },
  secondLookMs: 1,
  browserPath: 'none',
});

let pages: PageServer;
beforeAll(async () => {
  pages = await startPageServer();
});
afterAll(() => pages.close());

type Page = Parameters<PageServer['serve']>[0];

/** Looks at each version of a page in turn. */
async function looks(versions: readonly Page[], config: object = {}) {
  const outcomes: AgentOutcome[] = [];
  let memory: unknown = null;
  for (const version of versions) {
    pages.serve(version);
    const outcome = await runtime.run(exampleRequest({ config: { url: pages.url, ...config }, memory }));
    if (outcome.kind === 'done' && outcome.memory !== undefined) memory = outcome.memory;
    outcomes.push(outcome);
  }
  return outcomes;
}

const briefsOf = (outcome: AgentOutcome | undefined) =>
  outcome?.kind === 'done' ? (outcome.briefs ?? []) : [];
const text = (body: string) => ({ headers: { 'content-type': 'text/plain' }, body });
const json = (body: string) => ({ headers: { 'content-type': 'application/json' }, body });
const page = '<title>Timetable</title><h1>Timetable</h1><p>Monday 10:00</p>';

describe('what is sent instead of a page', () => {
  it.each([
    ['nothing', '', 'watch_empty'],
    ['no content', { status: 204 }, 'watch_empty'],
    ['markup without text', '<html><body><div></div></body></html>', 'watch_empty'],
    ['a wall against bots', '<title>Just a moment...</title><p>Checking your browser', 'watch_bot_wall'],
    [
      'a wall with the status of a refusal',
      { status: 403, body: '<title>Attention Required! | Cloudflare</title>' },
      'watch_bot_wall',
    ],
    ['an error page', '<title>502 Bad Gateway</title><h1>502 Bad Gateway</h1><hr>nginx', 'watch_error_page'],
    [
      'words of a broken server',
      { headers: { 'content-type': 'text/plain' }, body: 'Service Unavailable' },
      'watch_error_page',
    ],
  ])('is a failure with its name, and no change: %s', async (_what, instead, errorCode) => {
    const [, second, third] = await looks([page, instead, page]);
    expect(second).toMatchObject({ kind: 'error', errorCode, farSide: new URL(pages.url).host });
    expect(briefsOf(third)).toEqual([]);
  });

  it('is named also where a selector finds nothing on it', async () => {
    const broken = ['<title>Error 503</title><b>Sorry</b>', text('Service Unavailable')];
    for (const instead of broken) {
      const [, second] = await looks([page, instead], { selector: 'h1' });
      expect(second).toMatchObject({ errorCode: 'watch_error_page' });
    }
  });

  it.each([
    ['an article', '<title>Just a moment of peace</title><p>502 things to do</p>'],
    ['a part that is emptied', '<title>Timetable</title><h1></h1>'],
  ])('is not %s', async (_what, body) => {
    const [, second] = await looks([page, body], { selector: 'h1, p' });
    expect(second).toMatchObject({ kind: 'done' });
  });

  it.each<[string, Page]>([
    ['in German', '<title>Nur einen Moment…</title>'],
    ['with its name in references', '<title>Making sure you&#39;re not a bot!</title><p>Anubis</p>'],
    [
      'under the name of the shop',
      '<title>shop.example</title><p>Please enable JS and disable any ad blocker</p><script src="https://ct.captcha-delivery.com/c.js"></script>',
    ],
    [
      'that asks for letters',
      "<title>Shop</title><h4>Enter the characters you see below</h4><p>Sorry, we just need to make sure you're not a robot.</p>",
    ],
    ['with a box to be ticked', '<h1>Please verify you are a human</h1><div class="g-recaptcha"></div>'],
    [
      'that blocks an address',
      { status: 403, body: '<title>Access denied | shop.example used Cloudflare to restrict access</title>' },
    ],
    [
      'of scripts alone',
      { status: 429, body: '<script>window.KPSDK={}</script><script src="/ips.js"></script>' },
    ],
  ])('is a wall against bots %s', async (_what, instead) => {
    expect((await looks([page, instead]))[1]).toMatchObject({ errorCode: 'watch_bot_wall' });
  });

  it.each<[string, Page]>([
    ['a service that is away', '<title>shop.example | 502: Bad gateway</title>'],
    ['an update', '<p>Briefly unavailable for scheduled maintenance. Check back in a minute.</p>'],
    ['a fault of the program', '<br />\n<b>Fatal error</b>:  Uncaught Error in /var/www/x.php:3<br />'],
    ['work in progress, in German', '<title>Wartungsarbeiten</title><p>Wir sind bald zurück.</p>'],
    ['a missing page, in French', '<title>Page introuvable</title>'],
    ['a proxy', text('upstream connect error or disconnect/reset before headers')],
    ['an API', json('{"error":"Internal Server Error","status":500}')],
    ['an API, in its message alone', json('{"message":"Service Unavailable"}')],
  ])('is an error page: %s', async (_what, instead) => {
    expect((await looks([page, instead]))[1]).toMatchObject({ errorCode: 'watch_error_page' });
  });

  it.each<[string, Page, string]>([
    ['nothing in JSON', json('null'), 'watch_empty'],
    ['what nobody can see', '<p>\u200b&nbsp;</p>', 'watch_empty'],
    ['a part that nobody asked for', { status: 206, body: '<p>Mon' }, 'watch_http_206'],
  ])('is no page: %s', async (_what, instead, errorCode) => {
    expect((await looks([page, instead]))[1]).toMatchObject({ errorCode });
  });

  it('is news where the page has always told of its errors', async () => {
    const [, second] = await looks([
      json('{"error":null,"status":"ok"}'),
      json('{"error":"disk full","status":"bad"}'),
    ]);
    expect(briefsOf(second)).toHaveLength(1);
  });
});
