import type { AddressPolicy } from '@everbeat/outgoing';
import pLimit from 'p-limit';
import type { BrowserContext, Route } from 'playwright-core';
import { z } from 'zod';
import { HTTP_METHODS, safeFetch } from '../../../shared/safeFetch';
import type { OwnRequest } from '../ownRequest';

export type OriginHeaders = Pick<OwnRequest, 'headers' | 'cookies'> & { origin: string };

/** What one page may have of its origin, so that it cannot fill the memory of this process. */
const AT_ONCE_MAX = 6;
const BYTES_MAX = 20_000_000;
const BYTES_OF_PAGE_MAX = 100_000_000;

/** How the requests are made that a page's are replaced by. */
export interface OwnCalls {
  policy: AddressPolicy;
  signal: AbortSignal;
}

/**
 * Has the requests to one origin carry headers and cookies of the watch's own, after all other routes of the
 * context are set. They are made outside of the page and handed to it, because a browser that was given
 * headers for a request takes them along to where it is redirected. Playwright's own `route.fetch` takes and
 * unpacks bodies of any size.
 */
export async function sendOwnHeaders(
  context: BrowserContext,
  own: OriginHeaders,
  isWanted: Wanted,
  calls: OwnCalls,
): Promise<void> {
  if (Object.keys({ ...own.headers, ...own.cookies }).length === 0) return;
  const oneOfFew = pLimit(AT_ONCE_MAX);
  let bytesLeft = BYTES_OF_PAGE_MAX;
  await context.route(
    ({ origin }) => origin === own.origin,
    async (route) => {
      if (!isWanted(route)) return await route.abort();
      try {
        await oneOfFew(async () => {
          const headers = await headersFor(context, route, own);
          const answer = await answerTo(route, headers, Math.min(BYTES_MAX, bytesLeft), calls);
          bytesLeft -= answer.body.length;
          await route.fulfill(answer);
        });
      } catch {
        await route.abort().catch(() => undefined);
      }
    },
  );
}

/** They belong to one connection, or to the body as it was sent. */
const HOP_HEADERS =
  /^(:.*|host|connection|keep-alive|transfer-encoding|content-length|content-encoding|accept-encoding|upgrade|expect)$/i;

/** @throws AgentError when the body is larger than `bytesMax`, also after it was unpacked */
async function answerTo(
  route: Route,
  headers: Record<string, string>,
  bytesMax: number,
  { policy, signal }: OwnCalls,
) {
  const request = route.request();
  const body = request.postDataBuffer();
  const answer = await safeFetch({
    url: request.url(),
    method: z.enum(HTTP_METHODS).parse(request.method()),
    headers: withoutHopHeaders(Object.entries(headers)),
    ...(body === null ? {} : { body: new Uint8Array(body) }),
    signal,
    bodyBytesMax: bytesMax,
    addressPolicy: policy,
    redirectsMax: 0,
    codePrefix: 'watch',
  });
  const cookies = answer.headers.getSetCookie();
  const passedOn = [...answer.headers.entries()].filter(([name]) => name !== 'set-cookie');
  return {
    status: answer.status,
    headers: {
      ...withoutHopHeaders(passedOn),
      // Playwright takes several as lines.
      ...(cookies.length === 0 ? {} : { 'set-cookie': cookies.join('\n') }),
    },
    body: Buffer.from(answer.body),
  };
}

const withoutHopHeaders = (headers: readonly (readonly [string, string])[]): Record<string, string> =>
  Object.fromEntries(headers.filter(([name]) => !HOP_HEADERS.test(name)));

/** Whether what is asked for is loaded. */
export type Wanted = (route: Route) => boolean;

/** What may hold text or fill a page with it, and what a picture of the page shows, if one is taken. */
export const wantedWith = (hasPicture: boolean): Wanted => {
  const unwanted = hasPicture ? /^media$/ : /^(image|media|font)$/;
  return (route) => !unwanted.test(route.request().resourceType());
};

/** Cookies that the site has set replace those of the watch. */
async function headersFor(
  context: BrowserContext,
  route: Route,
  { headers, cookies }: OriginHeaders,
): Promise<Record<string, string>> {
  const set = await context.cookies(route.request().url());
  const cookie = Object.entries({
    ...cookies,
    ...Object.fromEntries(set.map(({ name, value }) => [name, value])),
  })
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    ...route.request().headers(),
    ...Object.fromEntries(own),
    ...(cookie === '' ? {} : { cookie }),
  };
}
