import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit as honoBodyLimit } from 'hono/body-limit';

/**
 * Answers 413 to a larger body before it is read whole: at once where its length is declared, else as soon as the
 * stream passes the limit. What comes after finds the body unread. Hono's own limit makes a stream of every body, which
 * costs more than all else that is done with a small one; the server holds a body to the length that it declares.
 */
export function bodyLimit(bodyBytesMax: number): MiddlewareHandler {
  const refuse = (c: Context): Response =>
    c.json({ error: `body is larger than ${bodyBytesMax} bytes` }, 413);
  const limitStream = honoBodyLimit({ maxSize: bodyBytesMax, onError: refuse });
  return async (c, next) => {
    const declared = c.req.header('content-length');
    const isDeclared = declared !== undefined && /^\d+$/.test(declared);
    if (!isDeclared || c.req.header('transfer-encoding') !== undefined) return limitStream(c, next);
    return Number(declared) > bodyBytesMax ? refuse(c) : next();
  };
}
