import { isStorable } from '@everbeat/domain';
import { Hono } from 'hono';
import { z } from 'zod';
import type { WorkflowDeps } from '../deps';
import { jsonBody } from '../middlewares/jsonBody';

/** `userId` is compared with the row; it grants nothing. */
const idSchema = z.string().min(1).max(200).refine(isStorable, 'contains characters that cannot be stored');
const bodySchema = z.object({ taskId: idSchema, userId: idSchema, tickToken: idSchema });

/** Runs the task if its tick is due. A skipped tick is a success too, so that QStash does not retry it. */
export const heartbeatTick = ({ runner, awaitsRuns }: WorkflowDeps) =>
  new Hono().post('/', jsonBody(bodySchema), async (c) => {
    const { result, finished } = await runner.runTick(c.get('body'));
    if (awaitsRuns) await finished;
    return c.json(result);
  });
