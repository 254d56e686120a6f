import { Hono } from 'hono';
import { z } from 'zod';
import type { WorkflowDeps } from '../deps';
import { jsonBody } from '../middlewares/jsonBody';

/** One pass of the watchdog; answers its counts. */
export const watchdog = ({ watchdog: service }: WorkflowDeps) =>
  new Hono().post('/', jsonBody(z.object({}).default({})), async (c) => c.json(await service.sweep()));
