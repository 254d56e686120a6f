import { once } from 'node:events';
import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type PageServer, startPageServer } from '@everbeat/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SafeRequest, safeFetch } from './safeFetch';

describe('outgoing calls', () => {
  let here: PageServer;
  let elsewhere: PageServer;
  beforeEach(async () => {
    [here, elsewhere] = await Promise.all([startPageServer(), startPageServer()]);
  });
  afterEach(() => Promise.all([here.close(), elsewhere.close()]));

  const call = (fields: Partial<SafeRequest> = {}) =>
    safeFetch({
      url: here.url,
      method: 'GET',
      headers: { authorization: 'Bearer secret', cookie: 'a=b', 'x-key': 'secret', accept: 'text/html' },
      signal: AbortSignal.timeout(5_000),
      bodyBytesMax: 1_000,
      addressPolicy: { privateAddresses: 'any' },
      redirectsMax: 5,
      codePrefix: 'agent',
      ...fields,
    });

  it('follow redirects within one origin with their headers', async () => {
    here.serve({ status: 307, headers: { location: '/there' } });
    here.serve('arrived', '/there');
    expect(await call()).toMatchObject({ status: 200, url: `${here.url}/there` });
    expect(here.visits[1]?.headers).toMatchObject({ 'x-key': 'secret' });
  });

  it('send their headers to no other origin', async () => {
    here.serve({ status: 302, headers: { location: elsewhere.url } });
    elsewhere.serve('arrived');
    await call();
    const { headers } = await elsewhere.visited(1);
    expect(headers).toMatchObject({ accept: 'text/html' });
    for (const name of ['authorization', 'cookie', 'x-key']) expect(headers).not.toHaveProperty(name);
  });

  it('keep the cookies of a chain of redirects, for the sites that set them', async () => {
    here.serve({ status: 302, headers: { location: '/in', 'set-cookie': 'seen=1; Path=/' } });
    here.serve(
      { status: 302, headers: { location: elsewhere.url.replace('127.0.0.1', 'localhost') } },
      '/in',
    );
    elsewhere.serve('arrived');
    await call();
    expect(here.visits[0]?.headers.cookie).toBe('a=b');
    expect(here.visits[1]?.headers.cookie).toBe('a=b; seen=1');
    expect(here.visits[2]?.headers ?? {}).not.toHaveProperty('x-key');
    expect(elsewhere.visits[0]?.headers.cookie).toBeUndefined();
  });

  it('follow a redirect whose address is written in UTF-8', async () => {
    const raw = Buffer.from('/größe').toString('latin1');
    here.serve({ status: 302, headers: { location: raw } });
    here.serve('arrived', '/gr%C3%B6%C3%9Fe');
    expect(await call()).toMatchObject({ status: 200 });
  });

  it('return a redirect as a response where none may be followed', async () => {
    here.serve({ status: 302, headers: { location: elsewhere.url } });
    expect(await call({ redirectsMax: 0 })).toMatchObject({ status: 302 });
    expect(elsewhere.visits).toEqual([]);
  });

  it('stop reading at the limit, also for compressed bodies', async () => {
    here.serve({ headers: { 'content-encoding': 'gzip' }, body: gzipSync('x'.repeat(1_000_000)) });
    await expect(call()).rejects.toMatchObject({ code: 'agent_too_large' });
  });

  it('read only the beginning of an error response', async () => {
    here.serve({ status: 500, body: 'x'.repeat(1_000_000) });
    expect((await call()).body.byteLength).toBeLessThanOrEqual(4_000);
  });

  it('ask again with a lenient parser for a page, and never send anything twice', async () => {
    let connections = 0;
    const server = createServer((socket) => {
      connections += 1;
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\nConnection: close\n\nodd'));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
    const { body } = await call({ url });
    expect(Buffer.from(body).toString()).toBe('odd');
    connections = 0;
    await expect(call({ url, method: 'POST', body: '{}' })).rejects.toMatchObject({
      code: 'agent_unreachable',
    });
    expect(connections).toBe(1);
    server.close();
  });

  it.each(['http://user:pw@127.0.0.1', 'gopher://127.0.0.1', 'not an address'])('refuse %s', async (url) => {
    await expect(call({ url })).rejects.toMatchObject({ code: 'agent_bad_url' });
  });
});
