import { CALENDAR_PATH, FEED_PATH, type Logger, rootCause } from '@everbeat/domain';
import { type Context, Hono } from 'hono';
import { etag } from 'hono/etag';
import type { Container } from '../container/container';

const TOKEN = '[A-Za-z0-9_-]{20,64}';

/**
 * `GET /feed/<token>.xml` and `GET /calendar/<token>.ics`, for programs that can give no password: the token
 * is all that lets them in. It is a secret, so no log has the path.
 */
export function feeds(container: () => Promise<Pick<Container, 'feeds'>>, logger: Logger): Hono {
  const app = new Hono();
  app.onError((error, c) => {
    logger.warn({ err: rootCause(error) }, 'A feed could not be made');
    return c.text('The feed is not available at the moment.\n', 503, { 'retry-after': '60' });
  });
  app.get(`${FEED_PATH}/:file{${TOKEN}\\.xml}`, etag(), async (c) => {
    const feed = await (await container()).feeds.feed(tokenIn(c));
    return respond(c, feed, 'application/atom+xml; charset=utf-8');
  });
  app.get(`${CALENDAR_PATH}/:file{${TOKEN}\\.ics}`, etag(), async (c) => {
    const calendar = await (await container()).feeds.calendar(tokenIn(c));
    return respond(c, calendar, 'text/calendar; charset=utf-8');
  });
  return app;
}

const tokenIn = (c: Context): string => (c.req.param('file') ?? '').replace(/\.[a-z]+$/, '');

const respond = (c: Context, body: string | null, contentType: string): Response =>
  body === null
    ? c.text('There is no such feed. Its address may have been replaced under Settings, Feeds.\n', 404)
    : c.body(body, 200, {
        'content-type': contentType,
        'cache-control': 'private, no-cache',
        'x-robots-tag': 'noindex',
      });
