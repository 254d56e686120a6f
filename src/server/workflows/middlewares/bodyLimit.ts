import type { MiddlewareHandler } from 'hono';
import { bodyLimit as honoBodyLimit } from 'hono/body-limit';

/**
 * Answers 413 to a larger body before it is read whole: at once where its length is declared, else as soon as the
 * stream passes the limit. What comes after finds the body unread.
 */
export const bodyLimit = (bodyBytesMax: number): MiddlewareHandler =>
  honoBodyLimit({
    maxSize: bodyBytesMax,
    onError: (c) => c.json({ error: `body is larger than ${bodyBytesMax} bytes` }, 413),
  });
