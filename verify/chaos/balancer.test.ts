import type { RequestListener } from 'node:http';
import { freePort, listenOnLoopback } from '@everbeat/testkit';
import { afterEach, expect, test } from 'vitest';
import { startBalancer } from './balancer';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function upstream(handle: RequestListener): Promise<number> {
  const server = await listenOnLoopback(handle);
  closers.push(() => server.close());
  return server.port;
}

async function balancerOver(...ports: number[]): Promise<string> {
  const balancer = await startBalancer(await freePort(), ports);
  closers.push(() => balancer.close());
  return balancer.url;
}

test('sends requests to the servers in turn, and skips one that refuses connections', async () => {
  const names = ['a', 'b'];
  const ports = await Promise.all(names.map((name) => upstream((_, response) => response.end(name))));
  const url = await balancerOver(...ports, await freePort());
  const bodies: string[] = [];
  for (let round = 0; round < 6; round += 1) bodies.push(await (await fetch(url)).text());
  expect(new Set(bodies)).toEqual(new Set(names));
});

test('forwards the complete request with its original host', async () => {
  const port = await upstream((request, response) => {
    response.setHeader('x-host', request.headers.host ?? '');
    request.pipe(response);
  });
  const url = await balancerOver(port);
  const response = await fetch(`${url}/path?query=1`, { method: 'POST', body: 'ships' });
  expect(response.headers.get('x-host')).toBe(new URL(url).host);
  expect(await response.text()).toBe('ships');
});

test('does not repeat a request during which the server died, because it may have acted', async () => {
  let requests = 0;
  const dying = await upstream((request) => {
    requests += 1;
    request.socket.destroy();
  });
  const url = await balancerOver(dying, dying);
  expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(502);
  expect(requests).toBe(1);
  expect((await fetch(await balancerOver(await freePort()))).status).toBe(502);
});
