import type { IncomingMessage } from 'node:http';
import { isLoopback } from '@/env/addresses';

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
 * Marks a request of HTTP/1.0 as forwarded: no browser speaks it, and nginx does by default, with the host name of
 * this server and none of the headers of a proxy.
 */
export function markOldProxy({ httpVersion, headers, rawHeaders }: IncomingMessage): void {
  if (httpVersion !== '1.0' || headers.via !== undefined) return;
  headers.via = '1.0 unknown';
  rawHeaders.push('Via', '1.0 unknown');
}
