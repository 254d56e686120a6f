import { createHash, timingSafeEqual } from 'node:crypto';
import { isLoopback } from '@/env/addresses';

/**
 * Who may talk to a single-user server, where there is no sign-in: this machine, and, with a password, whoever
 * reaches it under its public address. Pure decisions; `proxy.ts` carries them out.
 */
export interface AccessSettings {
  /** The public origin. */
  appUrl: string;
  password: string | undefined;
  /** Where no keys are set, nothing but this guards the webhooks that QStash would sign. */
  hasUnsignedWebhooks?: boolean;
}

export interface AccessRequest {
  method: string;
  path: string;
  headers: Pick<Headers, 'get'>;
}

export type AccessDecision = { isAllowed: true } | { isAllowed: false; status: 401 | 403; message: string };

const ALLOWED: AccessDecision = { isAllowed: true };
const forbidden = (message: string): AccessDecision => ({ isAllowed: false, status: 403, message });

export function decideAccess(request: AccessRequest, settings: AccessSettings): AccessDecision {
  if (isOpen(request.path, settings)) return ALLOWED;
  const hosts = namedHosts(request.headers);
  const publicHost = new URL(settings.appUrl).hostname;
  // A foreign name that resolves to this machine would let its page act as if it were ours (DNS rebinding).
  if (hosts.length === 0 || hosts.some((host) => !isLoopbackName(host) && host.hostname !== publicHost)) {
    return forbidden(
      'This server does not answer under this name. To serve it here, set APP_URL to this address.',
    );
  }
  if (!isSafe(request.method) && isForeign(request.headers, hosts, settings.appUrl)) {
    return forbidden('This request comes from the page of another site, and was not carried out.');
  }
  if (settings.password !== undefined) {
    if (hasPassword(request.headers.get('authorization'), settings.password)) return ALLOWED;
    return { isAllowed: false, status: 401, message: 'Give the password of this server (any user name).' };
  }
  if (hosts.every(isLoopbackName)) return ALLOWED;
  return forbidden(
    'This server has a public address but no password. Set ACCESS_PASSWORD, then start it again.',
  );
}

/** Guarded by signatures of their own, or telling nothing but that the process lives. */
const isOpen = (path: string, { hasUnsignedWebhooks }: AccessSettings): boolean =>
  path === '/api/health' ||
  path === '/api/ready' ||
  path === '/api/workflows/agent/callback' ||
  (path.startsWith('/api/workflows/') && !hasUnsignedWebhooks);

const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD';

/** Every name under which the request was sent, that of a reverse proxy included; one unreadable name spoils all. */
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

/** What browsers say of a request that changes something; other programs say nothing, and are no one's unwitting tool. */
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

function hasPassword(authorization: string | null, password: string): boolean {
  const encoded = /^Basic ([\w+/=-]+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return false;
  const credentials = Buffer.from(encoded, 'base64').toString('utf8');
  const separator = credentials.indexOf(':');
  return separator >= 0 && isSame(credentials.slice(separator + 1), password);
}

/** In a time that tells nothing of either text, not even their lengths. */
const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
