import { type Logger, rootCause } from '@everbeat/domain';
import type { ErrorHandler } from 'hono';

/**
 * The `onError` of the webhooks. Whatever was thrown counts as passing, so QStash tries again: 503. The state is in
 * the database and every handler is idempotent, so that does no harm.
 */
export const answerFault =
  (logger: Logger): ErrorHandler =>
  (error, c) => {
    logger.error({ err: rootCause(error), path: c.req.path }, 'A webhook call failed; QStash will try again');
    return c.json({ error: 'unavailable' }, 503);
  };
