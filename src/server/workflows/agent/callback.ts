import { AppError } from '@everbeat/domain';
import { Hono, type MiddlewareHandler } from 'hono';
import { z } from 'zod';
import type { TaskRunnerService } from '../../services/taskRunner/TaskRunnerService';
import type { WorkflowDeps } from '../deps';

const querySchema = z.object({ operationId: z.guid(), secret: z.string().min(1).max(200) });

const INVALID = { error: 'this callback address is not valid' };

/**
 * Refuses a callback address that no operation has, before anything reads the body. Responds 503 while the
 * runtime has not started.
 */
export const requireCallbackSecret =
  (runner: () => Promise<Pick<TaskRunnerService, 'knowsCallback'>>): MiddlewareHandler =>
  async (c, next) => {
    const query = querySchema.safeParse(c.req.query());
    if (!query.success) return c.json(INVALID, 404);
    const isKnown = await runner()
      .then((started) => started.knowsCallback(query.data))
      .catch(() => null);
    if (isKnown === null) return c.json({ error: 'unavailable' }, 503);
    return isKnown ? next() : c.json(INVALID, 404);
  };

/**
 * The result of an http agent that accepted its run with 202. Not signed by QStash: the URL carries a secret
 * that is valid for this operation only. A wrong secret and an unknown operation get the same response.
 */
export const callback = ({ runner }: WorkflowDeps) =>
  new Hono().post('/', async (c) => {
    const query = querySchema.safeParse(c.req.query());
    if (!query.success) return c.json(INVALID, 404);
    const body: unknown = await c.req.json().catch(() => undefined);
    try {
      const result = await runner.completeByCallback(query.data, body);
      if ('misfit' in result) return c.json({ error: `the body does not fit: ${result.misfit}` }, 400);
      return c.json(result);
    } catch (error) {
      if (error instanceof AppError && error.code === 'operation-not-found') {
        return c.json(INVALID, 404);
      }
      throw error;
    }
  });
