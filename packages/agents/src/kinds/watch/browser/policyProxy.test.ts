import { once } from 'node:events';
import { request } from 'node:http';
import { type PageServer, startPageServer } from '@everbeat/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PolicyProxy, startPolicyProxy } from './policyProxy';

describe('the proxy of the browser', () => {
  let proxy: PolicyProxy;
  let pages: PageServer;
  beforeAll(async () => {
    [proxy, pages] = await Promise.all([startPolicyProxy(), startPageServer()]);
    pages.serve('here');
  });
  afterAll(async () => {
    proxy.close();
    await pages.close();
  });

  const keyFor = (typed: string) => {
    const { username, password, revoke } = proxy.grant({ privateAddresses: 'typed' }, new URL(typed));
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
    return { headers: { 'proxy-authorization': authorization }, revoke };
  };
  async function statusOf(path: string, headers: object, method = 'GET'): Promise<number | undefined> {
    const call = request(proxy.url, { method, path, headers: { ...headers } }).end();
    const [answer, socket] = await once(call, method === 'CONNECT' ? 'connect' : 'response');
    (socket ?? answer).destroy();
    return answer.statusCode;
  }

  it('lets a page reach the server that was typed', async () => {
    const { headers } = keyFor(pages.url);
    expect(await statusOf(`${pages.url}/`, headers)).toBe(200);
    expect(await statusOf(new URL(pages.url).host, headers, 'CONNECT')).toBe(200);
  });

  it.each(['http://127.0.0.1:1/', 'http://localhost:1/', 'http://169.254.169.254/', 'http://[::1]:1/'])(
    'refuses %s to a page of a public site, also where it is called by a tunnel',
    async (address) => {
      const { headers } = keyFor('https://example.com/');
      expect(await statusOf(address, headers)).toBe(502);
      expect(await statusOf(new URL(address).host, headers, 'CONNECT')).toBe(502);
    },
  );

  it('refuses another port of the machine that was typed', async () => {
    const { headers } = keyFor('http://127.0.0.1:1/');
    const before = pages.visits.length;
    expect(await statusOf(`${pages.url}/`, headers)).toBe(502);
    expect(await statusOf(new URL(pages.url).host, headers, 'CONNECT')).toBe(502);
    expect(pages.visits.length).toBe(before);
  });

  it('lets nobody through without a key, or with one that was given back', async () => {
    const { headers, revoke } = keyFor(pages.url);
    revoke();
    for (const key of [{}, headers]) {
      expect(await statusOf(`${pages.url}/`, key)).toBe(407);
      expect(await statusOf(new URL(pages.url).host, key, 'CONNECT')).toBe(407);
    }
  });
});
