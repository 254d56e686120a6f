import { isSameSecret } from '@everbeat/vault';
import type { MiddlewareHandler } from 'hono';
import { isLoopback } from '@/env/addresses';
import type { Env } from '@/env/parseEnv';
import { createLogger } from '../runtime/adapters';
import { passwordGuard } from '../runtime/passwordGuard';
import { clientOf, isForwarded } from './forwarding';

/**
 * Access control of a single-user server without sign-in: requests from this machine are allowed, and with a
 * password also requests to the public address. `proxy.ts` applies it to pages, `requireAccess` to the API.
 */
export type AccessSettings = Pick<Env, 'APP_URL' | 'ACCESS_PASSWORD'>;

export interface AccessRequest {
  method: string;
  headers: Pick<Headers, 'get'>;
}

export type AccessDecision =
  | { isAllowed: true }
  | { isAllowed: false; status: 401 | 403; message: string; isWrongPassword?: boolean };

const ALLOWED: AccessDecision = { isAllowed: true };
const forbidden = (message: string): AccessDecision => ({ isAllowed: false, status: 403, message });

export function decideAccess(request: AccessRequest, settings: AccessSettings): AccessDecision {
  const hosts = namedHosts(request.headers);
  const publicHost = new URL(settings.APP_URL).hostname;
  // DNS rebinding: a foreign name that resolves to this machine would let pages of that site act as ours.
  if (hosts.length === 0 || hosts.some((host) => !isLoopbackName(host) && host.hostname !== publicHost)) {
    return forbidden(
      'This server does not accept requests for this host name. To serve it here, set APP_URL to this address.',
    );
  }
  if (!isSafe(request.method) && isForeign(request.headers, hosts, settings.APP_URL)) {
    return forbidden('This request comes from a page of another site and was refused.');
  }
  if (settings.ACCESS_PASSWORD !== undefined)
    return decidePassword(request.headers.get('authorization'), settings.ACCESS_PASSWORD);
  if (!hosts.every(isLoopbackName)) {
    return forbidden('This server has a public address but no password. Set ACCESS_PASSWORD and restart it.');
  }
  if (isForwarded(request.headers)) {
    return forbidden(
      'This request came through a reverse proxy, which lets others reach this server, but it has no password. Set ACCESS_PASSWORD, and APP_URL to the public address, and restart it.',
    );
  }
  return ALLOWED;
}

function decidePassword(authorization: string | null, password: string): AccessDecision {
  if (authorization !== null && hasPassword(authorization, password)) return ALLOWED;
  const message = 'Enter the password of this server (with any user name).';
  return { isAllowed: false, status: 401, message, isWrongPassword: authorization !== null };
}

/**
 * The response to a request that is refused; null when it is allowed. Waits after a wrong password, to slow
 * down whoever guesses.
 */
export async function accessRefusal(
  request: AccessRequest,
  settings: AccessSettings,
): Promise<Response | null> {
  const guard = passwordGuard();
  const client = clientOf(request.headers);
  const givesPassword =
    settings.ACCESS_PASSWORD !== undefined && request.headers.get('authorization') !== null;
  if (givesPassword && !guard.mayCompare(client)) return tooManyWrongPasswords();
  const decision = decideAccess(request, settings);
  if (decision.isAllowed) {
    if (givesPassword) guard.accept(client);
    return null;
  }
  if (decision.isWrongPassword) await guard.refuse(client, logWrongPassword);
  const { status, message } = decision;
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    ...(status === 401 && { 'www-authenticate': 'Basic realm="Everbeat", charset="UTF-8"' }),
  };
  return new Response(`${message}\n`, { status, headers });
}

/** The first wrong passwords are logged one by one, later ones each hundredth. */
const LOGGED_ONE_BY_ONE = 10;

function logWrongPassword(count: number): void {
  if (count > LOGGED_ONE_BY_ONE && count % 100 !== 0) return;
  createLogger('warn').warn({ count }, 'A request gave a wrong password');
}

const tooManyWrongPasswords = (): Response =>
  new Response('Too many wrong passwords are being tried. Try again in a few seconds.\n', {
    status: 429,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'retry-after': '10',
    },
  });

/** Lets through only what `decideAccess` allows. */
export const requireAccess =
  (settings: AccessSettings): MiddlewareHandler =>
  async (c, next) =>
    (await accessRefusal(c.req.raw, settings)) ?? next();

const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD';

/**
 * All host names of the request, including those a reverse proxy passed on. Empty when any of them is
 * malformed.
 */
function namedHosts(headers: Pick<Headers, 'get'>): URL[] {
  const names = [headers.get('host') ?? '', ...(headers.get('x-forwarded-host')?.split(',') ?? [])];
  const hosts = names.map((name) => parseHost(name.trim()));
  return hosts.every((host) => host !== null) ? hosts : [];
}

function parseHost(name: string): URL | null {
  const address = `http://${name}`;
  return /^[\w.:[\]-]+$/.test(name) && URL.canParse(address) ? new URL(address) : null;
}

function isLoopbackName({ hostname }: URL): boolean {
  return isLoopback(hostname.replace(/^\[|\]$/g, '')) || hostname.endsWith('.localhost');
}

/**
 * Whether a browser sent this on behalf of another site (CSRF). Other programs send neither header, and
 * cannot be tricked into a request by a page.
 */
function isForeign(headers: Pick<Headers, 'get'>, hosts: readonly URL[], appUrl: string): boolean {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  if (site === 'cross-site') return true;
  if (origin === null) return site === 'same-site';
  if (origin === appUrl) return false;
  // Ports are part of an origin; the scheme is not compared, since TLS may end before this server.
  const host = parseHost(origin.replace(/^https?:\/\//, ''));
  return host === null || !hosts.some((own) => own.host === host.host);
}

function hasPassword(authorization: string, password: string): boolean {
  const encoded = /^Basic ([\w+/=-]+)$/i.exec(authorization)?.[1];
  if (encoded === undefined) return false;
  const credentials = Buffer.from(encoded, 'base64').toString('utf8');
  const separator = credentials.indexOf(':');
  return separator >= 0 && isSameSecret(credentials.slice(separator + 1), password);
}
