import { Hono } from 'hono';
import { completionBodySchema, toCompletion } from '../../services/taskLifecycle/completionMessage';
import type { WorkflowDeps } from '../deps';
import { jsonBody } from '../middlewares/jsonBody';

/** The end of an operation, reported from outside the request that ran it. Late and repeated reports change nothing. */
export const onTopicComplete = ({ lifecycle, ids }: WorkflowDeps) =>
  new Hono().post('/', jsonBody(completionBodySchema), async (c) => {
    const completion = toCompletion(c.get('body'), () => ids.row());
    return c.json(await lifecycle.settle(completion));
  });
