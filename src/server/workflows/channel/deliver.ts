import { Hono } from 'hono';
import { z } from 'zod';
import type { WorkflowDeps } from '../deps';
import { jsonBody } from '../middlewares/jsonBody';

/** Sends what is due to channels. A message that is delivered twice sends nothing twice. */
export const deliver = ({ deliveries }: WorkflowDeps) =>
  new Hono().post('/', jsonBody(z.object({}).default({})), async (c) => {
    await deliveries.deliver();
    return c.json({ delivered: true });
  });
