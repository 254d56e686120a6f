import type { MiddlewareHandler } from 'hono';
import { z } from 'zod';
import type { RawBody } from './qstashAuth';

/** QStash gives a message up at once, instead of retrying what can never succeed. */
const hopeless = (error: string): Response =>
  Response.json({ error }, { status: 489, headers: { 'Upstash-NonRetryable-Error': 'true' } });

const NOT_JSON = Symbol('not JSON');

/** An empty body is undefined: allowed where the schema allows it. */
function parseJson(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return NOT_JSON;
  }
}

/** Hands the handler `c.get('body')`, parsed by `schema`. A body that will never fit is answered with 489. */
export const jsonBody =
  <Schema extends z.ZodType>(
    schema: Schema,
  ): MiddlewareHandler<{ Variables: RawBody & { body: z.output<Schema> } }> =>
  async (c, next) => {
    const value = parseJson(c.get('rawBody') ?? (await c.req.text()));
    if (value === NOT_JSON) return hopeless('body is not JSON');
    const parsed = schema.safeParse(value);
    if (!parsed.success) return hopeless(`body does not fit: ${z.prettifyError(parsed.error)}`);
    c.set('body', parsed.data);
    return next();
  };
