import { Hono } from 'hono';
import { z } from 'zod';
import type { WorkflowDeps } from '../deps';
import { jsonBody } from '../middlewares/jsonBody';

const bodySchema = z.object({ operationId: z.guid() });

/** Executes an operation that `task.run` claimed, at most once however often the message is delivered. */
export const execute = ({ runner, awaitsRuns }: WorkflowDeps) =>
  new Hono().post('/', jsonBody(bodySchema), async (c) => {
    const { started, finished } = await runner.executeDeferred(c.get('body').operationId);
    if (awaitsRuns) await finished;
    return c.json({ started });
  });
