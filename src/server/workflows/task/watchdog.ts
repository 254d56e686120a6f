import { Hono } from 'hono';
import { z } from 'zod';
import type { WorkflowDeps } from '../deps';
import { jsonBody } from '../middlewares/jsonBody';

/** Runs one pass of the watchdog and returns its counts. */
export const watchdog = ({ watchdog: service }: WorkflowDeps) =>
  new Hono().post('/', jsonBody(z.object({}).default({})), async (c) => c.json(await service.sweep()));
