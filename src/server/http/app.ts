import { LIMITS, type Logger, PICTURES_PATH, rootCause } from '@everbeat/domain';
import { CALLBACK_PATH, WORKFLOWS_PATH } from '@everbeat/scheduler';
import { Hono, type MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { isReachedFromThisHostAlone } from '@/env/addresses';
import type { Env } from '@/env/parseEnv';
import { API_PATH, procedures } from '../api/procedures';
import type { Container } from '../container/container';
import { createVerifier } from '../container/scheduling';
import { ANSWERS_PATH } from '../services/answers/AnswerLinkService';
import { TELEGRAM_PATH } from '../services/receiving/receivingBots';
import { LOCAL_USER_ID } from '../services/system/localUser';
import type { Readiness } from '../services/system/SystemService';
import { requireCallbackSecret } from '../workflows/agent/callback';
import { requireAccess } from './access';
import { answerPages } from './answers';
import { bodyLimit } from './bodyLimit';
import { feeds } from './feeds';
import { servePicture } from './pictures';
import { SLACK_PATH, slackPresses } from './slack';
import { telegramReports } from './telegram';
import { WATCH_FILES_PATH, watchFiles } from './watchFiles';

export interface AppOptions {
  env: Env;
  logger: Logger;
  /** Called for each request. Rejects while the runtime could not start, for example without its database. */
  container(): Promise<Container>;
}

/** Everything under `/api`, the feeds, and the pages of links in messages, the same on every host. */
export function createApp({ env, logger, container }: AppOptions): Hono {
  const app = new Hono();
  app.onError((error, c) => {
    logger.warn({ err: rootCause(error), path: withoutToken(c.req.path) }, 'A request could not be read');
    return c.json({ error: 'unavailable' }, 503);
  });
  app.notFound((c) => c.json({ error: 'there is no such route' }, 404));

  const limit = bodyLimit(LIMITS.requestBodyBytesMax);
  const webhooks = webhooksOf(container);
  const knowsSecret = requireCallbackSecret(async () => (await container()).runner);
  app.all(CALLBACK_PATH, knowsSecret, limit, webhooks);
  if (areWebhooksSigned(env)) app.all(`${WORKFLOWS_PATH}/*`, limit, webhooks);

  // A link in a message carries its own secret.
  app.route(ANSWERS_PATH, answerPages(container));

  // Below the webhooks: programs call those, and setting the headers costs more than all else this app does
  // for them.
  app.use(secureHeaders(SECURITY_HEADERS));
  app.get('/api/health', (c) => c.json({ status: 'ok' }));
  app.get('/api/ready', async (c) => {
    const parts = await readiness(container);
    const isReady = parts.database === 'ok' && parts.scheduler === 'ok';
    c.header('cache-control', 'no-store');
    return c.json({ status: isReady ? 'ready' : 'unavailable', ...parts }, isReady ? 200 : 503);
  });

  // Signed by the app of the channel.
  app.route(SLACK_PATH, slackPresses(container));

  // They carry the secret of the bot.
  app.route(TELEGRAM_PATH, telegramReports(container));

  // Their tokens let programs in that can give no password.
  app.route('/', feeds(container, logger));

  // Access control applies to every route below this line; those above carry their own secret or signature,
  // or none.
  app.use(requireAccess(env));
  // A file of watches is larger than any other body, and has a limit of its own.
  app.route(WATCH_FILES_PATH, watchFiles(container));
  app.use(limit);
  app.all(`${WORKFLOWS_PATH}/*`, webhooks);
  app.get(`${PICTURES_PATH}/:id`, servePicture(container, LOCAL_USER_ID));
  app.use(
    `${API_PATH}/*`,
    procedures(async () => {
      const services = await container();
      return { userId: LOCAL_USER_ID, container: services, requestId: services.ids.token() };
    }),
  );
  return app;
}

/** A response of the API is data: nothing may be loaded by it, and no other site may embed it. */
const SECURITY_HEADERS = {
  contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  xFrameOptions: 'DENY',
  // Whether the public address has TLS is not known here.
  strictTransportSecurity: false,
} satisfies Parameters<typeof secureHeaders>[0];

/** The path as it may be logged: below `/a`, `/feed` and `/calendar` stand tokens. */
const withoutToken = (path: string): string =>
  path.startsWith('/api/') ? path : path.replace(/^(\/[^/]*\/).*$/, '$1…');

/** Without keys, webhooks work on the operator's own machine only, and there access control guards them. */
const areWebhooksSigned = (env: Env): boolean =>
  createVerifier(env, isReachedFromThisHostAlone(env)) !== null;

/** 503 while the runtime has not started, so that QStash tries again. */
const webhooksOf =
  (container: AppOptions['container']): MiddlewareHandler =>
  async (c) => {
    const started = await container().catch(() => null);
    return started?.workflows.fetch(c.req.raw) ?? c.json({ error: 'unavailable' }, 503);
  };

async function readiness(container: AppOptions['container']): Promise<Readiness> {
  try {
    const { system } = await container();
    return await system.readiness();
  } catch {
    // The runtime does not start without its database.
    return { database: 'unavailable', scheduler: 'unavailable' };
  }
}
