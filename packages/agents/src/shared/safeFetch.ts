import {
  type AddressPolicy,
  dispatcherFor,
  hasCredentials,
  isOddAnswer,
  isPrivateAllowed,
  type Reach,
} from '@everbeat/outgoing';
import { type Dispatcher, fetch } from 'undici';
import { AgentError, type CallingPrefix } from './agentError';
import { connectionError } from './connectionError';
import { lenientGet, type RawResponse } from './lenientFetch';
import { ChainCookies, redirectTarget } from './redirects';

export const HTTP_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export interface SafeRequest {
  url: string;
  method: (typeof HTTP_METHODS)[number];
  headers: Record<string, string>;
  /** Sent to the origin of `url` alone: headers, which replace those above, and cookies. */
  own?: { headers: Record<string, string>; cookies: Record<string, string> };
  body?: string | Uint8Array<ArrayBuffer>;
  /** Ends the call, which then throws its reason. The caller's time limit. */
  signal: AbortSignal;
  bodyBytesMax: number;
  /** Longer bodies are read up to the limit, instead of failing. */
  isLongBodyCut?: boolean;
  addressPolicy: AddressPolicy;
  /** Replaces the one for the address policy. */
  dispatcher?: Dispatcher;
  /** 0: a redirect is returned like any other response. */
  redirectsMax: number;
  /** Where a page leads on by itself, if it does. It is followed and counted like a redirect. */
  leadsTo?: (response: SafeResponse) => string | null;
  /** The first word of the error codes. */
  codePrefix: Exclude<CallingPrefix, 'model'>;
}

export interface SafeResponse {
  status: number;
  headers: RawResponse['headers'];
  /** The whole body if the status is 2xx, otherwise its beginning. */
  body: Uint8Array;
  /** Whether the body goes on after what was read. */
  isCut: boolean;
  /** Where the redirects ended. */
  url: string;
}

const ERROR_BODY_BYTES_MAX = 4_000;
const REDIRECT_STATUSES: readonly number[] = [301, 302, 303, 307, 308];
/** The headers that are also sent to another origin; others may be meant for the first one only. */
const PORTABLE_HEADERS: readonly string[] = ['accept', 'accept-language', 'user-agent'];

/**
 * Makes an outgoing HTTP call; all calls of agents go through here or through `modelFetch.ts`. Never reads
 * more of the body than its limit, and checks each hop of a redirect like the first address.
 * @throws AgentError `<prefix>_bad_url`, `_unreachable`, `_bad_certificate`, `_private_address`,
 * `_too_large`, `_too_many_redirects`; the signal's reason
 */
export async function safeFetch(request: SafeRequest): Promise<SafeResponse> {
  const typedUrl = checkedUrl(request.url, request.codePrefix);
  let url = typedUrl;
  let headers = request.headers;
  const cookies = new ChainCookies();
  const visited = new Set<string>();
  for (let hop = 0; ; hop++) {
    visited.add(visitOf(url, cookies));
    const own = url.origin === typedUrl.origin ? request.own : undefined;
    const sent = withCookies(merged(headers, own?.headers), cookies.headerFor(url, own?.cookies));
    const call = {
      request,
      url,
      headers: sent,
      reach: reachOf(request, url, typedUrl),
    };
    const response = await send(call);
    const redirect = redirectOf(request, response);
    const answer = redirect === null ? await answerOf(call, response) : null;
    cookies.take(response.headers.getSetCookie(), url);
    const target =
      answer === null ? redirectTarget(redirect ?? '', url) : (request.leadsTo?.(answer) ?? null);
    if (answer === null) await response.body?.cancel();
    // A page that loads itself anew is read as it is, unless it has set a cookie to be asked for with.
    else if (target === null || visited.has(visitOf(new URL(target), cookies))) return answer;
    if (hop === request.redirectsMax) throw tooManyRedirects(request, url);
    const next = checkedUrl(target ?? '', request.codePrefix);
    if (next.origin !== url.origin) headers = portable(headers);
    url = next;
  }
}

/** What is asked for, and with which cookies. */
const visitOf = (url: URL, cookies: ChainCookies): string =>
  `${url.href.replace(/#.*/s, '')} ${cookies.headerFor(url)}`;

/** The address of a redirect that is to be followed. Some servers send it twice. */
function redirectOf({ redirectsMax }: SafeRequest, { status, headers }: RawResponse): string | null {
  if (redirectsMax === 0 || !REDIRECT_STATUSES.includes(status)) return null;
  return headers.get('location')?.replace(/^(.+), \1$/s, '$1') || null;
}

const tooManyRedirects = ({ codePrefix, redirectsMax }: SafeRequest, { host }: URL): AgentError =>
  new AgentError(
    `${codePrefix}_too_many_redirects`,
    `${host} redirected more than ${redirectsMax} times. Use the address where the redirects should end.`,
    { farSide: host },
  );

/** One hop of the chain. */
interface Call {
  request: SafeRequest;
  url: URL;
  headers: Record<string, string>;
  reach: Reach;
}

const reachOf = ({ addressPolicy }: SafeRequest, url: URL, typedUrl: URL): Reach => ({
  isPrivateAllowed: isPrivateAllowed(addressPolicy, url, typedUrl),
  ownPort: addressPolicy.ownPort,
});

function checkedUrl(address: string, codePrefix: SafeRequest['codePrefix']): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || hasCredentials(address)) {
    throw new AgentError(
      `${codePrefix}_bad_url`,
      'The address, or one that it redirects to, is not an http or https address without a user name and password.',
    );
  }
  return url;
}

/** The second ones replace those of the same name, in upper or lower case. */
function merged(
  headers: Record<string, string>,
  others: Record<string, string> = {},
): Record<string, string> {
  const names = new Set(Object.keys(others).map((name) => name.toLowerCase()));
  const kept = Object.entries(headers).filter(([name]) => !names.has(name.toLowerCase()));
  return { ...Object.fromEntries(kept), ...others };
}

/** Cookies that the chain has set come after those of the caller. */
function withCookies(headers: Record<string, string>, cookies: string): Record<string, string> {
  if (cookies === '') return headers;
  const own = Object.entries(headers).find(([name]) => name.toLowerCase() === 'cookie');
  const [name, value] = own ?? ['cookie', ''];
  return { ...headers, [name]: value === '' ? cookies : `${value}; ${cookies}` };
}

const portable = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => PORTABLE_HEADERS.includes(name.toLowerCase())),
  );

/** A call of one address. A GET whose answer the strict parser refuses is made again with a lenient one. */
async function send(call: Call): Promise<RawResponse> {
  const { request, url, headers, reach } = call;
  const { signal } = request;
  try {
    return await fetch(url, {
      method: request.method,
      headers,
      body: request.body ?? null,
      signal,
      redirect: 'manual',
      dispatcher: request.dispatcher ?? dispatcherFor(reach),
    });
  } catch (error) {
    return await sendLeniently(call, error);
  }
}

/** @throws AgentError for `error`, where a lenient parser would not help; the signal's reason */
async function sendLeniently({ request, url, headers, reach }: Call, error: unknown): Promise<RawResponse> {
  const { signal, codePrefix } = request;
  signal.throwIfAborted();
  if (request.method !== 'GET' || !isOddAnswer(error)) throw connectionError(error, url.host, codePrefix);
  try {
    return await lenientGet(url, { headers, reach, signal });
  } catch (again) {
    signal.throwIfAborted();
    throw connectionError(again, url.host, codePrefix);
  }
}

async function answerOf(call: Call, response: RawResponse): Promise<SafeResponse> {
  try {
    return await readAnswer(call, response);
  } catch (error) {
    if (error instanceof AgentError) throw error;
    return await readAnswer(call, await sendLeniently(call, error)).catch((again: unknown) => {
      call.request.signal.throwIfAborted();
      throw again instanceof AgentError
        ? again
        : connectionError(again, call.url.host, call.request.codePrefix);
    });
  }
}

/** @throws AgentError `_too_large`; errors of the connection */
async function readAnswer(
  { request, url }: Call,
  { status, headers, body }: RawResponse,
): Promise<SafeResponse> {
  const isOk = status >= 200 && status <= 299;
  const bytesMax = isOk ? request.bodyBytesMax : ERROR_BODY_BYTES_MAX;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > bytesMax) break;
  }
  const isCut = bytes > bytesMax;
  if (isCut && isOk && !request.isLongBodyCut) {
    throw new AgentError(
      `${request.codePrefix}_too_large`,
      `${url.host} answered with more than ${request.bodyBytesMax} bytes, which is the limit.`,
      { farSide: url.host },
    );
  }
  return { status, headers, body: Buffer.concat(chunks).subarray(0, bytesMax), isCut, url: url.href };
}
