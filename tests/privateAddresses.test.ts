import { addressesMeant } from '@everbeat/domain';
import { kindOfHost } from '@everbeat/outgoing';
import { describe, expect, it } from 'vitest';
import { isPrivateUrl } from '@/env/addresses';

/**
 * Which addresses are private is written three times: for calls, where a mistake lets agents into the
 * network, for the public address of the server, and for what a person types into a page, which loads no
 * library for it.
 */

/** The first and the last address of each private range. */
const PRIVATE = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.168.0.0', '192.168.255.255'],
  ['[::]', '[::1]'],
  ['[fc00::]', '[fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]'],
  ['[fe80::]', '[febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff]'],
].flat();

/** Those right before and after them, where they are public, and others. */
const PUBLIC = [
  ['1.0.0.0', '9.255.255.255', '11.0.0.0'],
  ['100.63.255.255', '100.128.0.0'],
  ['126.255.255.255', '128.0.0.0'],
  ['169.253.255.255', '169.255.0.0'],
  ['172.15.255.255', '172.32.0.0'],
  ['192.167.255.255', '192.169.0.0'],
  ['8.8.8.8', '223.255.255.255', '[2000::]', '[2606:4700:4700::1111]', '[3fff:fffe::]'],
].flat();

/** For many at once, for documents, not assigned, or another way to write one of the others. */
const RESERVED = [
  ['224.0.0.1', '255.255.255.255', '203.0.113.1'],
  ['[ff02::1]', '[fbff::1]', '[fec0::1]', '[fc::1]'],
  ['[::ffff:7f00:1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]'],
].flat();

/** What each of the three says. */
const said = (host: string) => ({
  called: kindOfHost(host) === 'public' ? 'public' : 'private',
  served: isPrivateUrl(`https://${host}/`) ? 'private' : 'public',
  typed: addressesMeant(`${host}/`)[0] === `http://${host}/` ? 'private' : 'public',
});
const all = (kind: 'private' | 'public') => ({ called: kind, served: kind, typed: kind });

describe('an address', () => {
  it.each(PRIVATE)('%s is private wherever it is looked at', (host) => {
    expect(said(host)).toEqual(all('private'));
  });

  it.each(PUBLIC)('%s is public wherever it is looked at', (host) => {
    expect(said(host)).toEqual(all('public'));
  });

  it.each(RESERVED)('%s, which is neither, is called like a private one', (host) => {
    expect(said(host).called).toBe('private');
  });
});
