import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import { isLoopback, isPrivateAddress } from '@/env/addresses';

/** Headers that only a proxy sets. */
const PROXY_HEADERS = [
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'x-forwarded-server',
  'cf-connecting-ip',
  'true-client-ip',
  'fly-client-ip',
];

/**
 * Whether a reverse proxy passed the request on, so that it may come from any machine. Next sets
 * `x-forwarded-for` and `x-forwarded-proto` itself, to this machine's address and to http.
 */
export function isForwarded(headers: Pick<Headers, 'get'>): boolean {
  if (PROXY_HEADERS.some((name) => headers.get(name) !== null)) return true;
  if (headers.get('x-forwarded-proto')?.startsWith('https')) return true;
  const clients = headers.get('x-forwarded-for')?.split(',') ?? [];
  return clients.some((client) => !isLoopback(client.trim().replace(/^::ffff:/, '')));
}

/**
 * Marks a request of HTTP/1.0 as forwarded: no browser speaks it, and nginx does by default, with the host
 * name of this server and none of the headers of a proxy.
 */
export function markOldProxy({ httpVersion, headers, rawHeaders }: IncomingMessage): void {
  if (httpVersion !== '1.0' || headers.via !== undefined) return;
  headers.via = '1.0 unknown';
  rawHeaders.push('Via', '1.0 unknown');
}

/** Notes whom the connection comes from behind those that the headers name, as every proxy does. */
export function markClient({ headers, rawHeaders, socket }: IncomingMessage): void {
  const { remoteAddress } = socket;
  if (remoteAddress === undefined) return;
  const before = headers['x-forwarded-for'];
  headers['x-forwarded-for'] = before === undefined ? remoteAddress : `${before}, ${remoteAddress}`;
  rawHeaders.push('X-Forwarded-For', remoteAddress);
}

/**
 * Whom a request comes from, as far as it may be believed: the last address that was noted, unless it is that
 * of a proxy on this machine or in its network. What a client writes itself stands before it. Of IPv6 it is
 * the network, since each customer has a whole one.
 */
export function clientOf(headers: Pick<Headers, 'get'>): string {
  const addresses = (headers.get('x-forwarded-for') ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => ipaddr.isValid(text))
    .map((text) => ipaddr.process(text).toString());
  const client =
    addresses.findLast((address) => !isPrivateAddress(address)) ??
    addresses.findLast((address) => !isLoopback(address)) ??
    'this machine';
  return client.includes(':')
    ? ipaddr.parse(client).toNormalizedString().split(':').slice(0, 4).join(':')
    : client;
}
