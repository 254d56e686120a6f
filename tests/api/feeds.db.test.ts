import { parseAtomFeed } from 'feedsmith';
import type { Hono } from 'hono';
import ICAL from 'ical.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '@/server/http/app';
import { type ApiWorld, createApiWorld } from '../support/apiWorld';

/** What programs outside read at the addresses that a person has made under Settings. */

let world: ApiWorld;
let app: Hono;
let logged: string[];
beforeEach(async () => {
  world = await createApiWorld({ env: { ACCESS_PASSWORD: 'correct horse battery' } });
  logged = [];
  const log = (fields: object, text: string) => void logged.push(`${JSON.stringify(fields)} ${text}`);
  const logger = { debug: log, info: log, warn: log, error: log };
  app = createApp({ env: world.env, logger, container: async () => world });
});
afterEach(() => world.close());

const pathOf = (url: string): string => new URL(url).pathname;
const get = (url: string, headers: Record<string, string> = {}) => app.request(pathOf(url), { headers });

async function tells(briefs: { title: string; summary: string }[]): Promise<string> {
  const id = await world.startTask({ name: 'Ships & <harbours>' });
  world.agent.next({
    kind: 'done',
    content: 'Seen',
    briefs: briefs.map((brief) => ({ type: 'insight' as const, priority: 'normal' as const, ...brief })),
  });
  await world.beat(id);
  return id;
}

describe('the feed of briefs', () => {
  test('is read by a program without the password, by its address alone', async () => {
    await tells([{ title: 'A ship came in', summary: '**Anna**, at [pier 7](https://example.com/7)' }]);
    const { feedUrl } = await world.ada.feed.renew();
    const response = await get(feedUrl);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
    const feed = parseAtomFeed(await response.text());
    expect(feed).toMatchObject({
      title: { value: 'Everbeat' },
      entries: [
        {
          title: { value: 'T-1: A ship came in' },
          content: {
            type: 'html',
            value: '<p><strong>Anna</strong>, at <a href="https://example.com/7">pier 7</a></p>',
          },
          authors: [{ name: 'Ships & <harbours>' }],
          links: [{ href: 'http://localhost:3000/tasks/T-1' }],
        },
      ],
    });
  });

  test('is well formed and harmless whatever agents write', async () => {
    const hostile =
      ']]></content></entry><entry>\u0001\u000b<script>alert(1)</script> ![x](https://e.example/p.png)';
    await tells([
      { title: hostile, summary: `${hostile}\n\n[go](javascript:alert(1))\n\n<img src=x onerror=y>` },
    ]);
    const { feedUrl } = await world.ada.feed.renew();
    const text = await (await get(feedUrl)).text();
    const { entries = [] } = parseAtomFeed(text);
    expect(entries).toHaveLength(1);
    const [entry] = entries;
    expect(entry?.title?.value).toContain(']]></content></entry><entry><script>');
    const html = entry?.content?.value ?? '';
    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toMatch(/<(script|img)|javascript:/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no place for them
    expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
  });

  test('shows as it was written what is made to be slow or deep', async () => {
    const summaries = ['[('.repeat(10_000), '1. '.repeat(6_000), '>'.repeat(20_000)];
    await tells(summaries.map((summary, n) => ({ title: `Brief ${n}`, summary })));
    const { feedUrl } = await world.ada.feed.renew();
    const { entries = [] } = parseAtomFeed(await (await get(feedUrl)).text());
    expect(entries.map(({ content }) => content?.value?.slice(0, 11)).toSorted()).toEqual(
      ['<pre>&gt;&g', '<pre>1. 1. ', '<pre>[([([('].toSorted(),
    );
  });

  test('is not sent again while nothing has changed, and is when a brief comes', async () => {
    await tells([{ title: 'One', summary: 'One' }]);
    const { feedUrl } = await world.ada.feed.renew();
    const etag = (await get(feedUrl)).headers.get('etag') ?? '';
    expect((await get(feedUrl, { 'if-none-match': etag })).status).toBe(304);
    await tells([{ title: 'Two', summary: 'Two' }]);
    expect((await get(feedUrl, { 'if-none-match': etag })).status).toBe(200);
  });

  test('holds the newest fifty, and nothing of others', async () => {
    for (let run = 0; run < 6; run += 1)
      await tells(Array.from({ length: 10 }, (_, n) => ({ title: `Brief ${run * 10 + n}`, summary: 'x' })));
    const { feedUrl } = await world.ada.feed.renew();
    expect(parseAtomFeed(await (await get(feedUrl)).text()).entries).toHaveLength(50);
    const others = await world.bob.feed.renew();
    expect(parseAtomFeed(await (await get(others.feedUrl)).text()).entries ?? []).toEqual([]);
  });
});

describe('the calendar of wake-ups', () => {
  test('shows when each task wakes, over a change of the clocks at the hour of its zone', async () => {
    world.clock.set(new Date('2026-03-27T12:00:00Z'));
    const rule = {
      automationMode: 'schedule',
      heartbeatInterval: null,
      schedulePattern: '0 9 * * *',
      scheduleTimezone: 'Europe/Berlin',
    } as const;
    await world.startTask({ name: 'The ships\r\nof today', ...rule });
    await world.createTask({ name: 'Not started', ...rule });
    const { calendarUrl } = await world.ada.feed.renew();
    const response = await get(calendarUrl);
    expect(response.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    const text = await response.text();
    const events = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent');
    const times = events
      .map((event) => new ICAL.Event(event))
      .map(({ startDate, summary }) => ({
        at: startDate.toJSDate().toISOString(),
        summary,
      }));
    expect(times.slice(0, 2)).toEqual([
      { at: '2026-03-28T08:00:00.000Z', summary: 'T-1 The ships of today' },
      { at: '2026-03-29T07:00:00.000Z', summary: 'T-1 The ships of today' },
    ]);
    expect(times).toHaveLength(14);
    const others = await world.bob.feed.renew();
    expect(await (await get(others.calendarUrl)).text()).not.toContain('BEGIN:VEVENT');
    const etag = response.headers.get('etag') ?? '';
    await world.clock.advance(60_000);
    expect((await get(calendarUrl, { 'if-none-match': etag })).status).toBe(304);
  });
});

describe('an address', () => {
  test('is dead once others were made, or the feeds were turned off', async () => {
    const first = await world.ada.feed.renew();
    const second = await world.ada.feed.renew();
    expect([(await get(first.feedUrl)).status, (await get(first.calendarUrl)).status]).toEqual([404, 404]);
    expect([(await get(second.feedUrl)).status, (await get(second.calendarUrl)).status]).toEqual([200, 200]);
    expect(await world.ada.feed.get()).toEqual({ createdAt: second.createdAt });
    await world.ada.feed.revoke();
    expect([(await get(second.feedUrl)).status, (await get(second.calendarUrl)).status]).toEqual([404, 404]);
    expect(await world.ada.feed.get()).toEqual({ createdAt: null });
  });

  test('stands nowhere in the database, and in no log', async () => {
    const { feedUrl } = await world.ada.feed.renew();
    const token = /([\w-]+)\.xml$/.exec(feedUrl)?.[1] ?? '';
    expect(token.length).toBeGreaterThanOrEqual(32);
    expect(JSON.stringify(await world.query('select * from everbeat.feed_tokens'))).not.toContain(token);
    const broken = createApp({
      env: world.env,
      logger: {
        debug: () => {},
        info: () => {},
        error: () => {},
        warn: (fields, text) => void logged.push(`${JSON.stringify(fields)} ${text}`),
      },
      container: () => Promise.reject(new Error('No database')),
    });
    expect((await broken.request(pathOf(feedUrl))).status).toBe(503);
    expect(logged).toHaveLength(1);
    expect(logged.join()).not.toContain(token);
  });

  test.each(['/feed/x.xml', '/feed/.xml', `/feed/${'a'.repeat(32)}.ics`, '/calendar/../feed', '/feed'])(
    'that is none reveals nothing: %s',
    async (path) => {
      expect([401, 403, 404]).toContain((await app.request(path)).status);
    },
  );
});
