import dns from 'node:dns';
import { createServer, type RequestListener } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SafeRequest, safeFetch } from './safeFetch';

const realLookup = dns.lookup;

let close = async (): Promise<void> => undefined;
afterEach(() => close());

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return `http://127.0.0.1:${address.port}/`;
}

const get = (url: string, changes: Partial<SafeRequest> = {}) =>
  safeFetch({
    url,
    method: 'GET',
    headers: {},
    signal: AbortSignal.timeout(10_000),
    bodyBytesMax: 1_000,
    addressPolicy: { privateAddresses: 'any' },
    redirectsMax: 0,
    codePrefix: 'agent',
    ...changes,
  });

it('follows no more redirects than its limit', async () => {
  let requests = 0;
  const url = await serve((_request, response) => {
    requests += 1;
    response.writeHead(302, { location: `/${requests}` }).end();
  });
  await expect(get(url, { redirectsMax: 3 })).rejects.toMatchObject({ code: 'agent_too_many_redirects' });
  expect(requests).toBe(4);
});

it('stops reading an endless response at its limit', async () => {
  const url = await serve((_request, response) => {
    const write = () => {
      while (response.write('x'.repeat(10_000)));
      response.once('drain', write);
    };
    write();
  });
  await expect(get(url)).rejects.toMatchObject({ code: 'agent_too_large' });
});

describe('a name of which one address is private', () => {
  const answer = [
    { address: '93.184.216.34', family: 4 },
    { address: '10.0.0.7', family: 4 },
  ];

  // No public name has such addresses everywhere, so the lookup is replaced. What modules import of Node by
  // name follows that once it is told to.
  beforeEach(() => {
    const lookup = (_name: string, _options: object, done: (error: null, found: object[]) => void) =>
      done(null, answer);
    Reflect.set(dns, 'lookup', lookup);
    syncBuiltinESMExports();
  });
  afterEach(() => {
    Reflect.set(dns, 'lookup', realLookup);
    syncBuiltinESMExports();
  });

  it('is refused', async () => {
    // A port of its own, so that no connection is reused that was made with the real lookup.
    const addressPolicy = { privateAddresses: 'never', ownPort: 1 } as const;
    const refused = get('http://rebound.example/', { addressPolicy });
    await expect(refused).rejects.toMatchObject({ code: 'agent_private_address' });
  });
});
