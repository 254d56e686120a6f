import type { BrowserContext, Route } from 'playwright-core';
import type { OwnRequest } from '../ownRequest';

export type OriginHeaders = Pick<OwnRequest, 'headers' | 'cookies'> & { origin: string };

/**
 * Has the requests to one origin carry headers and cookies of the watch's own, after all other routes of the context
 * are set. They are made outside of the page and
 * handed to it, because a browser that was given headers for a request takes them along to where it is redirected.
 */
export async function sendOwnHeaders(
  context: BrowserContext,
  own: OriginHeaders,
  isWanted: Wanted,
): Promise<void> {
  if (Object.keys({ ...own.headers, ...own.cookies }).length === 0) return;
  await context.route(
    ({ origin }) => origin === own.origin,
    async (route) => {
      if (!isWanted(route)) return await route.abort();
      try {
        const response = await route.fetch({
          headers: await headersFor(context, route, own),
          maxRedirects: 0,
        });
        await route.fulfill({ response });
      } catch {
        await route.abort().catch(() => undefined);
      }
    },
  );
}

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
