import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { Hono } from 'hono';
import { afterEach, describe, expect, it } from 'vitest';
import { bodyLimit } from '../bodyLimit';
import { assertPortIsFree, listen } from './listen';
import { apiBeforePages } from './serve';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** In place of Next. */
const PAGES: RequestListener = (_request, response) => void response.writeHead(418).end();
const app = new Hono()
  .use(bodyLimit(1_000))
  .post('/api/echo', async (c) => c.text(`${c.req.header('x-mark')}: ${await c.req.text()}`))
  .all('/api/*', (c) => c.text('api'))
  .get('/feed/*', (c) => c.text('feed'))
  .get('/calendar/*', (c) => c.text('calendar'));

async function start(pages: Promise<RequestListener>): Promise<string> {
  const server = await listen(apiBeforePages(app, pages), { HOST: '127.0.0.1', PORT: 0 });
  servers.push(server);
  return originOf(server);
}

function originOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port');
  return `http://127.0.0.1:${address.port}`;
}

const statusOf = async (origin: string, path: string, init?: RequestInit): Promise<number> =>
  (await fetch(`${origin}${path}`, init)).status;

describe('apiBeforePages', () => {
  it.each(['/api', '/api/', '/api?x=1', '/api/trpc/task.list', '/feed/a.xml', '/calendar/a.ics'])(
    'gives %s to the app',
    async (path) => {
      expect(await statusOf(await start(Promise.resolve(PAGES)), path)).toBe(200);
    },
  );

  it.each(['/', '/tasks', '/apiary', '/feeds', '/tasks/api/', '/?/api/'])(
    'gives %s to Next',
    async (path) => {
      expect(await statusOf(await start(Promise.resolve(PAGES)), path)).toBe(418);
    },
  );

  it('keeps bodies away from Next, which would read them whole', async () => {
    const origin = await start(Promise.resolve(PAGES));
    const chunked = { method: 'POST', body: new Blob(['x']).stream(), duplex: 'half' };
    expect(await statusOf(origin, '/tasks', { method: 'POST' })).toBe(418);
    expect(await statusOf(origin, '/tasks', { method: 'POST', body: 'x' })).toBe(404);
    expect(await statusOf(origin, '/tasks', chunked)).toBe(404);
    expect(await statusOf(origin, '/tasks', { method: 'POST', body: 'x'.repeat(1_001) })).toBe(413);
  });

  it('gives the app bodies of declared length and chunked ones, with their headers', async () => {
    const origin = await start(Promise.resolve(PAGES));
    for (const body of ['text', new Blob(['text']).stream()]) {
      const init = { method: 'POST', headers: { 'x-mark': 'kept' }, body, duplex: 'half' };
      const response = await fetch(`${origin}/api/echo`, init);
      expect(await response.text()).toBe('kept: text');
    }
  });

  it('serves the API while the pages are being prepared', async () => {
    const origin = await start(new Promise(() => undefined));
    expect(await statusOf(origin, '/api/health')).toBe(200);
  });

  it('responds 503 for pages that could not be prepared', async () => {
    const pages = Promise.reject(new Error('no build'));
    pages.catch(() => undefined);
    expect(await statusOf(await start(pages), '/tasks')).toBe(503);
  });
});

describe('listen', () => {
  it('waits only so long for a request to arrive, and longer than a proxy for the next one', async () => {
    const server = await listen(PAGES, { HOST: '127.0.0.1', PORT: 0 });
    servers.push(server);
    const { headersTimeout, requestTimeout, keepAliveTimeout } = server;
    expect([headersTimeout, requestTimeout, keepAliveTimeout]).toEqual([15_000, 30_000, 65_000]);
  });

  it('names the remedy when the port is in use', async () => {
    const server = await listen(PAGES, { HOST: '127.0.0.1', PORT: 0 });
    servers.push(server);
    const port = Number(new URL(originOf(server)).port);
    await expect(assertPortIsFree({ HOST: '127.0.0.1', PORT: port })).rejects.toThrow(
      `Port ${port} is in use, perhaps by another Everbeat. Stop it, or choose another port: PORT=${port + 1}`,
    );
  });

  it('names the setting when the address is not one of this machine', async () => {
    await expect(listen(PAGES, { HOST: '192.0.2.1', PORT: 0 })).rejects.toThrow(
      'HOST is not an address of this machine: 192.0.2.1',
    );
  });

  it('leaves a port that is free as it was', async () => {
    const server = await listen(PAGES, { HOST: '127.0.0.1', PORT: 0 });
    const port = Number(new URL(originOf(server)).port);
    server.close();
    await once(server, 'close');
    await assertPortIsFree({ HOST: '127.0.0.1', PORT: port });
    servers.push(await listen(PAGES, { HOST: '127.0.0.1', PORT: port }));
  });
});
