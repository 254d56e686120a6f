import { Hono } from 'hono';
import { completionBodySchema, toCompletion } from '../../services/taskLifecycle/completionMessage';
import type { WorkflowDeps } from '../deps';
import { jsonBody } from '../middlewares/jsonBody';

/** The end of an operation, told from outside the request that ran it. Late and second tellings change nothing. */
export const onTopicComplete = ({ lifecycle, runner, ids }: WorkflowDeps) =>
  new Hono().post('/', jsonBody(completionBodySchema), async (c) => {
    const completion = toCompletion(c.get('body'), () => ids.row());
    const answer = await lifecycle.settle(completion);
    if (answer.settled) runner.abort(completion.operationId);
    return c.json(answer);
  });
