import { describe, expect, it } from 'vitest';
import { isPrivateAllowed, kindOfAddress, kindOfHost, refusalOf } from './addressRules';

describe('kindOfAddress', () => {
  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '::ffff:8.8.8.8'])(
    'calls %s public',
    (address) => expect(kindOfAddress(address)).toBe('public'),
  );
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::7f00:1',
    'fd00::1',
    'ff02::1',
  ])('calls %s private', (address) => expect(kindOfAddress(address)).toBe('private'));
  it.each([
    '169.254.169.254',
    '169.254.170.2',
    '::ffff:169.254.169.254',
    'fe80::1',
    'fe80::1%eth0',
    'fd00:ec2::254',
    '100.100.100.200',
    '168.63.129.16',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::',
    '2001:0:1::',
    'not an address',
  ])('forbids %s', (address) => expect(kindOfAddress(address)).toBe('forbidden'));
});

describe('kindOfHost', () => {
  it.each([
    ['http://localhost', 'private'],
    ['http://LOCALHOST.', 'private'],
    ['http://app.localhost:3000', 'private'],
    ['http://agent:8080', 'private'],
    ['http://nas.local', 'private'],
    ['http://[::1]', 'private'],
    ['http://0x7f.1', 'private'],
    ['http://2130706433', 'private'],
    ['http://169.254.169.254', 'forbidden'],
    ['http://2852039166', 'forbidden'],
    ['http://example.com', 'public'],
    ['http://local.example.com', 'public'],
  ])('says what %s shows', (url, kind) => expect(kindOfHost(new URL(url).hostname)).toBe(kind));
});

describe('isPrivateAllowed', () => {
  const typed = (url: string, from: string) =>
    isPrivateAllowed({ privateAddresses: 'typed' }, new URL(url), new URL(from));

  it.each(['http://127.0.0.1:4000/a', 'http://agent:8080/', 'http://nas.local/'])(
    'allows %s, which a person typed',
    (url) => expect(typed(url, url)).toBe(true),
  );
  it('allows a redirect on the same server, also from http to https', () => {
    expect(typed('http://nas.local/b', 'http://nas.local/a')).toBe(true);
    expect(typed('https://nas.local/a', 'http://nas.local/a')).toBe(true);
  });
  it.each([
    ['http://127.0.0.1:5000/', 'http://127.0.0.1:4000/'],
    ['http://10.0.0.2/', 'http://10.0.0.1/'],
    ['http://127.0.0.1/', 'https://example.com/'],
  ])('does not allow a redirect to %s from %s', (url, from) => expect(typed(url, from)).toBe(false));
  it('does not allow a public name that resolves to a private address', () => {
    expect(typed('https://example.com/', 'https://example.com/')).toBe(false);
  });
});

describe('refusalOf', () => {
  const isOwnMachine = (address: string) => address === '127.0.0.1' || address === '203.0.113.9';
  const open = { isPrivateAllowed: true, ownPort: 3000 };

  it('refuses the own port on every address of this machine, and there only', () => {
    expect(refusalOf('127.0.0.1', 3000, open, isOwnMachine)).toBe('own');
    expect(refusalOf('203.0.113.9', 3000, open, isOwnMachine)).toBe('own');
    expect(refusalOf('127.0.0.1', 3001, open, isOwnMachine)).toBeNull();
    expect(refusalOf('198.51.100.1', 3000, open, isOwnMachine)).not.toBe('own');
  });
  it('refuses private addresses unless they are allowed, and forbidden ones always', () => {
    expect(refusalOf('10.0.0.1', 80, { ...open, isPrivateAllowed: false }, isOwnMachine)).toBe('private');
    expect(refusalOf('10.0.0.1', 80, open, isOwnMachine)).toBeNull();
    expect(refusalOf('169.254.169.254', 80, open, isOwnMachine)).toBe('forbidden');
  });
});
