import { AppError, type Logger, rootCause } from '@everbeat/domain';
import type { ErrorHandler } from 'hono';

/**
 * The `onError` of the webhooks: every error counts as transient, so the response is 503 and QStash retries.
 * That does no harm, since the state is in the database and every handler is idempotent.
 */
export const respondUnavailable =
  (logger: Logger): ErrorHandler =>
  (error, c) => {
    const path = c.req.path;
    // A server that is stopping has requests until the balancer knows of it.
    if (error instanceof AppError && error.code === 'unavailable')
      logger.warn({ path, reason: error.message }, 'A webhook was refused for now; QStash will retry it');
    else logger.error({ err: rootCause(error), path }, 'A webhook failed; QStash will retry it');
    return c.json({ error: 'unavailable' }, 503);
  };
