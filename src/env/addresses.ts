import { isIP } from 'node:net';
import { isPrivateName } from '@everbeat/domain';
import ipaddr from 'ipaddr.js';

const PRIVATE_RANGES = ['unspecified', 'loopback', 'private', 'carrierGradeNat', 'linkLocal', 'uniqueLocal'];

/** `host` is a name or an address without brackets. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Of an IP address. */
export const isPrivateAddress = (address: string): boolean =>
  PRIVATE_RANGES.includes(ipaddr.process(address).range());

/** Whether a service on the internet cannot reach `url`, as far as the URL alone shows it. */
export function isPrivateUrl(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) return isPrivateAddress(host);
  return isPrivateName(host);
}

/**
 * Whether only this machine can call the application: both the listening and the public address are loopback.
 */
export const isReachedFromThisHostAlone = ({ HOST, APP_URL }: { HOST: string; APP_URL: string }): boolean =>
  isLoopback(HOST) && isLoopback(new URL(APP_URL).hostname);
