import { CALLBACK_PATH, WEBHOOK_PATHS } from '@everbeat/scheduler';
import { Hono } from 'hono';
import { callback } from './agent/callback';
import { execute } from './agent/execute';
import { deliver } from './channel/deliver';
import type { WorkflowDeps } from './deps';
import { respondUnavailable } from './middlewares/faults';
import { qstashAuth } from './middlewares/qstashAuth';
import { heartbeatTick } from './task/heartbeatTick';
import { onTopicComplete } from './task/onTopicComplete';
import { watchdog } from './task/watchdog';

/** The webhooks (PROTOCOL §7). The size of their bodies is limited by whoever mounts them. */
export function createWorkflowsApp(deps: WorkflowDeps): Hono {
  const app = new Hono();
  app.onError(respondUnavailable(deps.logger));
  app.notFound((c) => c.json({ error: 'there is no such route' }, 404));
  app.route(CALLBACK_PATH, callback(deps));

  // Every route below this line must be signed by QStash.
  app.use(qstashAuth(deps));
  app.route(WEBHOOK_PATHS.heartbeatTick, heartbeatTick(deps));
  app.route(WEBHOOK_PATHS.onTopicComplete, onTopicComplete(deps));
  app.route(WEBHOOK_PATHS.watchdog, watchdog(deps));
  app.route(WEBHOOK_PATHS.agentExecute, execute(deps));
  app.route(WEBHOOK_PATHS.deliver, deliver(deps));
  return app;
}
