import { startPageServer } from '@everbeat/testkit';
import { describe, expect, it } from 'vitest';
import { isPrivateAddress, isPrivateHost } from './addressPolicy';
import { safeFetch } from './safeFetch';

describe('public addresses', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
  ])('exclude %s', (address) => expect(isPrivateAddress(address)).toBe(true));
  it.each([
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::7f00:1',
    'fe80::1',
    'fe80::1%eth0',
    'fd00::1',
    'ff02::1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:0:1::',
  ])('exclude %s', (address) => expect(isPrivateAddress(address)).toBe(true));
  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111'])('include %s', (address) =>
    expect(isPrivateAddress(address)).toBe(false),
  );
  it.each([
    ['http://localhost', true],
    ['http://LOCALHOST.', true],
    ['http://app.localhost:3000', true],
    ['http://[::1]', true],
    ['http://0x7f.1', true],
    ['http://2130706433', true],
    ['http://example.com', false],
  ])('are recognized by the host of %s', (url, isPrivate) =>
    expect(isPrivateHost(new URL(url).hostname)).toBe(isPrivate),
  );
});

describe('outgoing calls under public-only', () => {
  const call = (url: string) =>
    safeFetch({
      url,
      method: 'GET',
      headers: {},
      signal: AbortSignal.timeout(5_000),
      bodyBytesMax: 1_000,
      addressPolicy: 'public-only',
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
