import { isStorable } from '@everbeat/domain';
import { Hono } from 'hono';
import { z } from 'zod';
import type { WorkflowDeps } from '../deps';
import { jsonBody } from '../middlewares/jsonBody';

/** `userId` is a claim to check against the row, never a grant. */
const idSchema = z.string().min(1).max(200).refine(isStorable, 'is no text that names anything');
const bodySchema = z.object({ taskId: idSchema, userId: idSchema, tickToken: idSchema });

/** An operation may be due. A skip is a success, so that the queue does not retry it. */
export const heartbeatTick = ({ runner, awaitsRuns }: WorkflowDeps) =>
  new Hono().post('/', jsonBody(bodySchema), async (c) => {
    const { result, finished } = await runner.runTick(c.get('body'));
    if (awaitsRuns) await finished;
    return c.json(result);
  });
