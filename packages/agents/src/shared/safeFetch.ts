import { type Dispatcher, fetch, type Response } from 'undici';
import { dispatcherFor } from './addressPolicy';
import { type AddressPolicy, isPrivateAllowed } from './addressRules';
import { AgentError, type CallingPrefix } from './agentError';
import { hasCredentials } from './config';
import { connectionError } from './connectionError';
import { ChainCookies, redirectTarget } from './redirects';
import type { ResponseHeaders } from './retryAfter';

export interface SafeRequest {
  url: string;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
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
  /** The first word of the error codes. */
  codePrefix: Exclude<CallingPrefix, 'model'>;
}

export interface SafeResponse {
  status: number;
  headers: ResponseHeaders;
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
  for (let hop = 0; ; hop++) {
    const response = await send(request, url, typedUrl, withCookies(headers, cookies.headerFor(url)));
    const location = response.headers.get('location');
    if (request.redirectsMax === 0 || location === null || !REDIRECT_STATUSES.includes(response.status)) {
      return {
        status: response.status,
        headers: response.headers,
        ...(await readBody(request, response, url)),
        url: url.href,
      };
    }
    await response.body?.cancel();
    cookies.take(response.headers.getSetCookie(), url);
    if (hop === request.redirectsMax) {
      throw new AgentError(
        `${request.codePrefix}_too_many_redirects`,
        `${url.host} redirected more than ${request.redirectsMax} times. Use the address where the redirects should end.`,
        { farSide: url.host },
      );
    }
    const next = checkedUrl(redirectTarget(location, url), request.codePrefix);
    if (next.origin !== url.origin) headers = portable(headers);
    url = next;
  }
}

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

async function send(
  request: SafeRequest,
  url: URL,
  typedUrl: URL,
  headers: Record<string, string>,
): Promise<Response> {
  const { addressPolicy } = request;
  const reach = {
    isPrivateAllowed: isPrivateAllowed(addressPolicy, url, typedUrl),
    ownPort: addressPolicy.ownPort,
  };
  try {
    return await fetch(url, {
      method: request.method,
      headers,
      body: request.body ?? null,
      signal: request.signal,
      redirect: 'manual',
      dispatcher: request.dispatcher ?? dispatcherFor(reach),
    });
  } catch (error) {
    request.signal.throwIfAborted();
    throw connectionError(error, url.host, request.codePrefix);
  }
}

async function readBody(
  request: SafeRequest,
  response: Response,
  url: URL,
): Promise<Pick<SafeResponse, 'body' | 'isCut'>> {
  const bytesMax = response.ok ? request.bodyBytesMax : ERROR_BODY_BYTES_MAX;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk);
      bytes += chunk.byteLength;
      if (bytes > bytesMax) break;
    }
  } catch (error) {
    request.signal.throwIfAborted();
    throw connectionError(error, url.host, request.codePrefix);
  }
  const isCut = bytes > bytesMax;
  if (isCut && response.ok && !request.isLongBodyCut) {
    throw new AgentError(
      `${request.codePrefix}_too_large`,
      `${url.host} answered with more than ${request.bodyBytesMax} bytes, which is the limit.`,
      { farSide: url.host },
    );
  }
  return { body: Buffer.concat(chunks).subarray(0, bytesMax), isCut };
}
