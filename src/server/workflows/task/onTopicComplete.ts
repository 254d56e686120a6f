import { Hono } from 'hono';
import { completionBodySchema, toCompletion } from '../../services/taskLifecycle/completionMessage';
import type { WorkflowDeps } from '../deps';
import { jsonBody } from '../middlewares/jsonBody';

/**
 * The end of an operation, reported from outside the request that ran it. Late and repeated reports change
 * nothing.
 */
export const onTopicComplete = ({ lifecycle, ids }: WorkflowDeps) =>
  new Hono().post('/', jsonBody(completionBodySchema), async (c) => {
    const completion = toCompletion(c.get('body'), () => ids.row());
    try {
      return c.json(await lifecycle.settle(completion));
    } catch (error) {
      const retried = Number(c.req.header('upstash-retried') ?? 0);
      if (retried > 0) c.header('retry-after', String(RETRY_SECONDS));
      throw error;
    }
  });

/**
 * QStash's own waits are 12 s, 2.5 min and 30 min. Nobody renews the lease of a run whose outcome is on its
 * way, and once it is over, the watchdog settles the run as lost. So that all three retries come within a
 * lease of 120 s, which is the default, those after the first are asked for.
 */
const RETRY_SECONDS = 40;
