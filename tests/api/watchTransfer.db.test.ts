import { agentKinds } from '@everbeat/agents';
import { importedSchema, importPreviewSchema, LIMITS } from '@everbeat/domain';
import { type PageServer, silentLogger, startPageServer } from '@everbeat/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '@/server/http/app';
import { type ApiWorld, createApiWorld, refusalOf } from '../support/apiWorld';

const SECRET = 'canary-91aa7e';
const bytes = (text: string) => new TextEncoder().encode(text);

let world: ApiWorld;
let pages: PageServer;
beforeAll(async () => {
  pages = await startPageServer();
  const watch = agentKinds.watch.createRuntime({
    addressPolicy: { privateAddresses: 'any' },
    secondLookMs: 1,
    browserPath: 'none',
  });
  world = await createApiWorld({ runtimes: { watch } });
});
afterAll(() => Promise.all([world.close(), pages.close()]));

const importAll = (text: string, rows: number[], userId = world.userId) =>
  world.transfer.import(userId, bytes(text), { rows, everySeconds: 3_600, after: 0 });
const detail = (id: string) => world.ada.task.detail({ id });

async function exported(format: 'json' | 'opml' | 'list'): Promise<string> {
  let text = '';
  for await (const part of world.transfer.export(world.userId, format)) text += part;
  return text;
}

describe('watches of a file', () => {
  it('are created and started together, their first runs one after another', async () => {
    const urls = [0, 1, 2].map((page) => `${pages.url}/many/${page}`);
    const created = await importAll(`${urls[0]} The first\n${urls[1]}\nnone\n${urls[2]}`, [0, 1, 3]);
    expect(created.map(({ row, name }) => [row, name])).toEqual([
      [0, 'The first'],
      [1, expect.stringContaining(urls[1] ?? '')],
      [3, expect.stringContaining(urls[2] ?? '')],
    ]);
    const tasks = await Promise.all(created.map(({ id }) => detail(id)));
    const now = world.clock.now().getTime();
    expect(
      tasks.map(({ status, nextRunAt, heartbeatInterval }) => [
        status,
        heartbeatInterval,
        Number(nextRunAt) - now,
      ]),
    ).toEqual([0, 1, 2].map((place) => ['scheduled', 3_600, place * LIMITS.importStaggerSeconds * 1_000]));
    expect(tasks[0]?.config).toEqual({ watch: { url: urls[0] } });
    await world.expectSound();
    pages.serve('<title>Tides</title><p>High water at nine</p>', '/many/1');
    expect(await world.beat(created[1]?.id ?? '')).toMatchObject({ ran: true });
    expect((await detail(created[1]?.id ?? '')).name).toBe('Tides');
  });

  it('bring their intervals, pauses and secrets along, which are sent and not shown', async () => {
    const file = JSON.stringify({
      watching: {
        a: {
          url: `${pages.url}/members`,
          headers: { 'X-Key': SECRET, 'X-Long': 'x'.repeat(7_000) },
          time_between_check: { minutes: 90 },
          time_between_check_use_default: false,
        },
        b: { url: `${pages.url}/paused`, paused: true },
        c: {
          url: `${pages.url}/often`,
          time_between_check: { seconds: 1 },
          time_between_check_use_default: false,
        },
      },
    });
    const preview = await world.transfer.preview(world.userId, bytes(file));
    expect(JSON.stringify(preview)).toContain('X-Key');
    expect(JSON.stringify(preview)).not.toContain(SECRET);
    const [members, paused] = await importAll(file, [0, 1, 2]);
    expect(await detail(paused?.id ?? '')).toMatchObject({ status: 'paused', nextRunAt: null });
    const task = await detail(members?.id ?? '');
    expect(task).toMatchObject({ heartbeatInterval: 5_400 });
    expect(JSON.stringify(task)).not.toContain(SECRET);
    pages.serve('<p>Members</p>', '/members');
    await world.beat(task.id);
    expect(pages.visits.at(-1)?.headers).toMatchObject({ 'x-key': SECRET });
    await world.expectSound();
  });

  it('are told apart from what is watched already, and from each other', async () => {
    const [first] = await importAll('https://known.example/page?a=1', [0]);
    const { rows } = await world.transfer.preview(
      world.userId,
      bytes(
        'https://known.example/page?a=1\nhttps://known.example/page?a=2\nhttps://known.example/page?a=2#top\nwords',
      ),
    );
    expect(rows.map(({ duplicate }) => duplicate)).toEqual([
      { identifier: first?.identifier, name: first?.name },
      null,
      { row: 1 },
      null,
    ]);
    await world.ada.task.cancel({ id: first?.id ?? '' });
    const again = await world.transfer.preview(world.userId, bytes('https://known.example/page?a=1'));
    expect(again.rows[0]?.duplicate).toBeNull();
    const bobs = await world.transfer.preview('bob', bytes('https://known.example/page?a=2'));
    expect(bobs.rows[0]?.duplicate).toBeNull();
  });

  it('are all imported or none', async () => {
    const before = await world.query('select id from everbeat.tasks');
    const schedule = { pattern: 'never', timezone: 'UTC' };
    const watches = [{ url: 'https://a.example' }, { url: 'https://b.example', schedule }];
    const file = JSON.stringify({ format: 'everbeat-watches', version: 1, watches });
    await expect(importAll(file, [0, 1])).rejects.toThrow(/pattern|schedule/i);
    await expect(importAll('words', [0])).rejects.toThrow(/holds no web address/);
    await expect(importAll('https://a.example', [])).rejects.toThrow(/at least one/);
    await expect(importAll('https://a.example', [1])).rejects.toThrow(/no watch number 1/);
    const many = Array.from({ length: LIMITS.importedAtOnceMax + 1 }, (_, row) => row);
    await expect(importAll('https://a.example\n'.repeat(many.length), many)).rejects.toThrow(/At most 200/);
    expect(await world.query('select id from everbeat.tasks')).toHaveLength(before.length);
  });

  it('make the agent that they need', async () => {
    expect(await world.bob.agent.list()).toEqual([]);
    await importAll('https://a.example', [0], 'bob');
    expect(await world.bob.agent.list()).toMatchObject([{ kind: 'watch' }]);
  });

  it('are gone after the import is undone, and those of others stay', async () => {
    const created = await importAll('https://x.example\nhttps://y.example', [0, 1]);
    const [bobs] = await importAll('https://z.example', [0], 'bob');
    const ids = [...created.map(({ id }) => id), bobs?.id ?? ''];
    expect(await world.ada.watch.undoImport({ ids })).toEqual({ deleted: 2 });
    expect(await refusalOf(world.ada.watch.undoImport({ ids }))).toMatchObject({ code: 'NOT_FOUND' });
    expect((await world.bob.task.detail({ id: bobs?.id ?? '' })).status).toBe('scheduled');
    await world.expectSound();
  });
});

describe('an export', () => {
  it('holds the watches in use without their secrets, and can be imported again', async () => {
    const agent = await world.ada.agent.create({
      name: 'Of one page',
      kind: 'watch',
      config: { url: `${pages.url}/agent`, selector: 'main' },
    });
    await world.ada.task.create({
      name: 'By its agent',
      instruction: 'x',
      agentId: agent.id,
      config: { watch: { below: 3 } },
    });
    const feed =
      '<rss version="2.0"><channel><title>Boats</title><item><guid>1</guid><title>One</title></item></channel></rss>';
    pages.serve({ headers: { 'content-type': 'application/rss+xml' }, body: feed }, '/feed');
    const [boats] = await importAll(`${pages.url}/feed Boats`, [0]);
    await world.beat(boats?.id ?? '');

    const json = await exported('json');
    expect(json).not.toContain(SECRET);
    const { rows, format } = await world.transfer.preview(world.userId, bytes(json));
    expect(format).toBe('everbeat');
    expect(rows.length).toBeGreaterThan(4);
    expect(rows.find(({ name }) => name === 'By its agent')).toMatchObject({
      url: `${pages.url}/agent`,
      carried: expect.arrayContaining(['Part of the page: main', 'Only below: 3']),
      isPaused: true,
    });
    expect(rows.find(({ url }) => url.endsWith('/members'))?.leftOut).toEqual([
      expect.stringContaining('headers.X-Key'),
      expect.stringContaining('headers.X-Long'),
    ]);
    expect(rows.find(({ name }) => name === 'Boats')?.duplicate).toMatchObject({
      identifier: boats?.identifier,
    });

    const opml = await world.transfer.preview(world.userId, bytes(await exported('opml')));
    expect(opml.rows.map(({ url }) => url)).toEqual([`${pages.url}/feed`]);
    expect(await exported('list')).toContain(`${pages.url}/feed Boats\n`);
  });

  it('keeps when each of them runs, and whether it does', async () => {
    const schedule = { pattern: '0 9 * * 1', timezone: 'Europe/Berlin' };
    const watches = [
      { name: 'Weekly', url: 'https://weekly.example', schedule },
      { name: 'Hourly', url: 'https://hourly.example', everySeconds: 3_600, isPaused: true },
    ];
    await importAll(JSON.stringify({ format: 'everbeat-watches', version: 1, watches }), [0, 1]);
    const file: { watches: { name: string }[] } = JSON.parse(await exported('json'));
    const ofNow = file.watches.filter(({ name }) => ['Weekly', 'Hourly'].includes(name));
    expect(ofNow).toMatchObject([
      { name: 'Weekly', schedule, everySeconds: null, isPaused: false },
      { name: 'Hourly', schedule: null, everySeconds: 3_600, isPaused: true },
    ]);
  });
});

describe('the routes of files', () => {
  const call = async (path: string, init: RequestInit = {}) => {
    const app = createApp({
      env: world.env,
      logger: silentLogger,
      container: async () => ({ ...world, clock: world.clock }),
    });
    return await app.request(`/api/watches${path}`, {
      ...init,
      headers: { host: 'localhost:3000', ...init.headers },
    });
  };
  const post = (path: string, body: string) => call(path, { method: 'POST', body });

  it('preview, import and export', async () => {
    await world.createUser('local');
    const preview = importPreviewSchema.parse(
      await (await post('/preview', 'https://r.example Route')).json(),
    );
    expect(preview.rows).toMatchObject([{ name: 'Route', row: 0 }]);
    const { tasks } = importedSchema.parse(
      await (await post('/import?rows=0', 'https://r.example Route')).json(),
    );
    expect(tasks).toMatchObject([{ name: 'Route', identifier: 'T-1' }]);
    expect((await call('/export?format=opml')).status).toBe(200);
    const file = await call('/export?format=list');
    expect(file.headers.get('content-disposition')).toBe('attachment; filename="everbeat-addresses.txt"');
    expect(await file.text()).toBe('https://r.example Route\n');
  });

  it('say what is wrong', async () => {
    for (const [response, status, error] of [
      [await post('/preview', ''), 400, /no watches in the file/],
      [await post('/import', 'https://a.example'), 400, /rows/],
      [await post('/import?rows=x', 'https://a.example'), 400, /list of numbers/],
      [await call('/export?format=csv'), 400, /format/],
      [await post('/preview', 'x'.repeat(LIMITS.importBytesMax + 1)), 413, /larger than/],
    ] as const) {
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ error: expect.stringMatching(error) });
    }
  });

  it('are closed to pages of other sites', async () => {
    const response = await call('/import?rows=0', {
      method: 'POST',
      body: 'https://a.example',
      headers: { origin: 'https://evil.example' },
    });
    expect(response.status).toBe(403);
  });
});
