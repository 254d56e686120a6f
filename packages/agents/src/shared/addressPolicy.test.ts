import { startPageServer } from '@everbeat/testkit';
import { describe, expect, it } from 'vitest';
import { safeFetch } from './safeFetch';

describe('outgoing calls where no private address is allowed', () => {
  const call = (url: string) =>
    safeFetch({
      url,
      method: 'GET',
      headers: {},
      signal: AbortSignal.timeout(5_000),
      bodyBytesMax: 1_000,
      addressPolicy: { privateAddresses: 'never' },
      redirectsMax: 5,
      codePrefix: 'agent',
    });

  it.each(['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433'])('do not reach %s', async (host) => {
    const pages = await startPageServer();
    await expect(call(pages.url.replace('127.0.0.1', host))).rejects.toMatchObject({
      code: 'agent_private_address',
    });
    expect(pages.visits).toEqual([]);
    await pages.close();
  });
});

describe('outgoing calls to addresses that a person typed', () => {
  const call = (url: string, ownPort?: number) =>
    safeFetch({
      url,
      method: 'GET',
      headers: {},
      signal: AbortSignal.timeout(5_000),
      bodyBytesMax: 1_000,
      addressPolicy: { privateAddresses: 'typed', ownPort },
      redirectsMax: 5,
      codePrefix: 'watch',
    });

  it('reach this machine, but no other server of it by a redirect', async () => {
    const [typed, inside] = await Promise.all([startPageServer(), startPageServer()]);
    typed.serve('here');
    expect(await call(typed.url)).toMatchObject({ status: 200 });
    typed.serve({ status: 302, headers: { location: inside.url } });
    await expect(call(typed.url)).rejects.toMatchObject({ code: 'watch_private_address' });
    expect(inside.visits).toEqual([]);
    await Promise.all([typed.close(), inside.close()]);
  });

  it.each(['127.0.0.1', 'localhost', '0.0.0.0', '[::ffff:127.0.0.1]'])(
    'never reach the port of this server at %s',
    async (host) => {
      const own = await startPageServer();
      const url = own.url.replace('127.0.0.1', host);
      await expect(call(url, Number(new URL(own.url).port))).rejects.toThrow('this server itself');
      expect(own.visits).toEqual([]);
      await own.close();
    },
  );
});
