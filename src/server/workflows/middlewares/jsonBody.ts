import type { MiddlewareHandler } from 'hono';
import { z } from 'zod';
import type { RawBody } from './qstashAuth';

/** Makes QStash give the message up immediately, because a retry can never succeed. */
const nonRetryable = (error: string): Response =>
  Response.json({ error }, { status: 489, headers: { 'Upstash-NonRetryable-Error': 'true' } });

const NOT_JSON = Symbol('not JSON');

/** An empty body becomes undefined, which the schema may allow. */
function parseJson(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
}

/**
 * Sets `c.get('body')` to the parsed body; responds 489 (PROTOCOL §7) when it is not JSON or does not match
 * `schema`.
 */
export const jsonBody =
  <Schema extends z.ZodType>(
    schema: Schema,
  ): MiddlewareHandler<{ Variables: RawBody & { body: z.output<Schema> } }> =>
  async (c, next) => {
    const value = parseJson(c.get('rawBody') ?? (await c.req.text()));
    if (value === NOT_JSON) return nonRetryable('body is not JSON');
    const parsed = schema.safeParse(value);
    if (!parsed.success) return nonRetryable(`body does not match: ${z.prettifyError(parsed.error)}`);
    c.set('body', parsed.data);
    return next();
  };
