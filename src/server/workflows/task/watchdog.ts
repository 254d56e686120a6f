import { Hono } from 'hono';
import { z } from 'zod';
import type { WorkflowDeps } from '../deps';
import { jsonBody } from '../middlewares/jsonBody';

/**
 * Runs one pass of the watchdog and returns its counts. A serverless function may end with its answer, so the
 * ping is waited for.
 */
export const watchdog = ({ watchdog: service, healthcheck }: WorkflowDeps) =>
  new Hono().post('/', jsonBody(z.object({}).default({})), async (c) => {
    try {
      const counts = await service.sweep();
      await healthcheck.succeeded();
      return c.json(counts);
    } catch (error) {
      await healthcheck.failed(error);
      throw error;
    }
  });
