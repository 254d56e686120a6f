import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { createDispatcher, guardedLookup, type Resolve } from '@everbeat/outgoing';
import { type PageServer, startPageServer } from '@everbeat/testkit';
import type { Agent } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { safeFetch } from './safeFetch';

const PUBLIC = '93.184.216.34';
const NAMES: Record<string, string[]> = {
  'public.example': [PUBLIC],
  'private.example': ['10.0.0.1'],
  'loopback.example': ['127.0.0.1'],
  'metadata.example': ['169.254.169.254'],
  'mapped.example': ['::ffff:127.0.0.1'],
  'six.example': ['::1'],
  'both.example': [PUBLIC, '127.0.0.1'],
  'nothing.example': [],
};

const PUBLIC_ONLY = { isPrivateAllowed: false, ownPort: undefined };

describe('a call that may not reach private addresses, to names that an attacker controls', () => {
  let pages: PageServer;
  let dispatcher: Agent;
  let lookups: string[];
  /** What a name resolves to from its second lookup on. */
  let rebound: Record<string, string[]>;

  const resolve: Resolve = (hostname, _options, callback) => {
    const addresses = (lookups.includes(hostname) && rebound[hostname]) || NAMES[hostname] || [];
    lookups.push(hostname);
    callback(
      null,
      addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  /**
   * The product's own lookup over these names. What it accepts as public then resolves to this test's page
   * server.
   */
  const lookUp: LookupFunction = (hostname, options, callback) =>
    guardedLookup(resolve, PUBLIC_ONLY, 0)(hostname, options, (error, found, family) => {
      if (error !== null) return callback(error, found, family);
      if (options.all) return callback(null, [{ address: '127.0.0.1', family: 4 }]);
      callback(null, '127.0.0.1', 4);
    });

  beforeEach(async () => {
    pages = await startPageServer();
    dispatcher = createDispatcher(PUBLIC_ONLY, () => lookUp);
    lookups = [];
    rebound = {};
  });
  afterEach(async () => {
    await dispatcher.close();
    await pages.close();
  });

  const port = () => new URL(pages.url).port;
  const call = (host: string) =>
    safeFetch({
      url: `http://${host}:${port()}/`,
      method: 'GET',
      headers: {},
      signal: AbortSignal.timeout(5_000),
      bodyBytesMax: 1_000,
      addressPolicy: { privateAddresses: 'never' },
      dispatcher,
      redirectsMax: 5,
      codePrefix: 'watch',
    });

  it('reaches a name that is public', async () => {
    pages.serve('Welcome');
    expect(await call('public.example')).toMatchObject({ status: 200 });
  });

  it.each(Object.keys(NAMES).filter((name) => name !== 'public.example'))(
    'does not reach %s',
    async (name) => {
      await expect(call(name)).rejects.toMatchObject({ code: 'watch_private_address' });
      expect(pages.visits).toEqual([]);
    },
  );

  it.each([
    'http://private.example/',
    'http://loopback.example/',
    '//mapped.example/',
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://0/',
    'http://0.0.0.0/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:7f00:1]/',
    'http://[::127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://169.254.169.254/latest/meta-data/',
    'http://localhost/',
    'http://LOCALHOST./',
    'http://app.localhost/',
    'http://１２７.０.０.１/',
    'http://127。0。0。1/',
    'http://ⓛocalhost/',
  ])('does not follow a redirect to %s', async (location) => {
    pages.serve({
      status: 302,
      headers: { location: encodeURI(location).replace(/%5B/g, '[').replace(/%5D/g, ']') },
    });
    await expect(call('public.example')).rejects.toMatchObject({
      code: expect.stringMatching(/^watch_(private_address|bad_url)$/),
    });
    expect(pages.visits).toHaveLength(1);
  });

  it.each([
    'file:///etc/passwd',
    'gopher://127.0.0.1',
    'data:text/html,x',
    'javascript:1',
    'http://a:b@public.example/',
  ])('follows no redirect to %s', async (location) => {
    pages.serve({ status: 301, headers: { location } });
    await expect(call('public.example')).rejects.toMatchObject({ code: 'watch_bad_url' });
  });

  it('connects to the address that was checked, and checks it again for every connection', async () => {
    pages.serve('Welcome');
    rebound = { 'public.example': ['127.0.0.1'] };
    expect(await call('public.example')).toMatchObject({ status: 200 });
    expect(lookups).toEqual(['public.example']);
    await expect(call('public.example')).rejects.toMatchObject({ code: 'watch_private_address' });
    expect(pages.visits).toHaveLength(1);
  });

  it('checks again when a redirect to the same name resolves differently', async () => {
    pages.serve({ status: 302, headers: { location: '/inside' } });
    rebound = { 'public.example': ['10.0.0.1'] };
    await expect(call('public.example')).rejects.toMatchObject({ code: 'watch_private_address' });
    expect(pages.visits).toHaveLength(1);
  });
});
