import { LIMITS } from '@everbeat/domain';
import { Hono } from 'hono';
import { callback } from './agent/callback';
import { execute } from './agent/execute';
import type { WorkflowDeps } from './deps';
import { bodyLimit } from './middlewares/bodyLimit';
import { answerFault } from './middlewares/faults';
import { qstashAuth } from './middlewares/qstashAuth';
import { heartbeatTick } from './task/heartbeatTick';
import { onTopicComplete } from './task/onTopicComplete';
import { watchdog } from './task/watchdog';

/** The webhook routes, mounted under `/api/workflows` (PROTOCOL §7). All but the callback are signed by QStash. */
export function createWorkflowsApp(deps: WorkflowDeps): Hono {
  const app = new Hono().basePath('/api/workflows');
  app.onError(answerFault(deps.logger));
  app.notFound((c) => c.json({ error: 'there is no such route' }, 404));
  app.use(bodyLimit(LIMITS.webhookBodyBytesMax));
  app.route('/agent/callback', callback(deps));

  const signed = qstashAuth(deps);
  app.use('/task/*', signed);
  app.use('/agent/execute', signed);
  app.route('/task/heartbeat-tick', heartbeatTick(deps));
  app.route('/task/on-topic-complete', onTopicComplete(deps));
  app.route('/task/watchdog', watchdog(deps));
  app.route('/agent/execute', execute(deps));
  return app;
}
