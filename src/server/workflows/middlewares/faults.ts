import { type Logger, rootCause } from '@everbeat/domain';
import type { ErrorHandler } from 'hono';

/**
 * The `onError` of the webhooks: every error counts as transient, so the response is 503 and QStash retries. That does
 * no harm, since the state is in the database and every handler is idempotent.
 */
export const respondUnavailable =
  (logger: Logger): ErrorHandler =>
  (error, c) => {
    logger.error({ err: rootCause(error), path: c.req.path }, 'A webhook failed; QStash will retry it');
    return c.json({ error: 'unavailable' }, 503);
  };
