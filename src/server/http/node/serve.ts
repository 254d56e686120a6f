import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { CALENDAR_PATH, errorMessage, FEED_PATH, type Logger, rootCause } from '@everbeat/domain';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Env } from '@/env/parseEnv';
import { createLogger } from '../../runtime/adapters';
import { getContainer } from '../../runtime/runtime';
import { startServerProcess } from '../../runtime/serverProcess';
import { ANSWERS_PATH } from '../../services/answers/AnswerLinkService';
import { createApp } from '../app';
import { markClient, markOldProxy } from '../forwarding';
import { listen } from './listen';

/**
 * `npm start`: serves the API and the built pages from this process, which may be killed at any moment.
 * Listens immediately, so that `/api/health` responds during a long start; resolves when the runtime and the
 * pages are up. Returns what is not ready then, or undefined.
 * @throws when the port is taken or the runtime cannot start, for example without its database
 */
export async function serve(env: Env, projectDir: string): Promise<string | undefined> {
  const logger = createLogger(env.LOG_LEVEL);
  const app = createApp({ env, logger, container: getContainer });
  // Before Next, whose instrumentation starts a runtime where none is.
  const started = startServerProcess().catch((error) => refuseStart(error, logger));
  const pages = preparePages(env, projectDir);
  const [server] = await Promise.all([listen(apiBeforePages(app, pages), env), started, pages]);
  // Not `once`: Ctrl-C under npm sends a second signal, which must not end the process early.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopServing(server, logger));
  const ready = await app.request('/api/ready');
  return ready.ok ? undefined : ready.text();
}

function refuseStart(error: unknown, logger: Logger): never {
  const cause = rootCause(error);
  logger.error({ err: cause }, 'Everbeat could not start');
  // Node reports a host with several addresses as one error without a message.
  const reasons = cause instanceof AggregateError ? cause.errors : [cause];
  throw new Error(`Everbeat could not start: ${reasons.map(errorMessage).join('; ')}`, { cause });
}

async function preparePages({ HOST, PORT }: Env, dir: string): Promise<RequestListener> {
  // A dynamic import: Next reads its mode from the environment when it is loaded.
  const { default: createNextApp } = await import('next');
  const next = createNextApp({ dev: false, dir, hostname: HOST, port: PORT });
  await next.prepare();
  return next.getRequestHandler();
}

/**
 * Gives `/api`, the feeds and the links in messages to the app, and everything else to Next. Next reads a
 * body into memory before it refuses it, and no page takes one, so every request with a body goes to the app,
 * which limits it and responds 404.
 */
export function apiBeforePages(app: Hono, pages: Promise<RequestListener>): RequestListener {
  // Next shares this process and needs the standard Request and Response.
  const api = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  return async (request, response) => {
    markOldProxy(request);
    markClient(request);
    if (isForApi(request)) return api(request, response);
    const page = await pages.catch(() => undefined);
    return page === undefined ? void response.writeHead(503).end() : page(request, response);
  };
}

/**
 * What the app serves (`app.ts`); all else is a page. `src/proxy.ts` and `next.config.ts` name it once more.
 */
const APP_PATHS = new RegExp(`^(?:/api|${FEED_PATH}|${CALENDAR_PATH}|${ANSWERS_PATH})(?:[/?]|$)`);

/** Whether the app serves this path, which may have a query. */
export const isAppPath = (path: string): boolean => APP_PATHS.test(path);

const isForApi = ({ url = '', headers }: IncomingMessage): boolean =>
  isAppPath(url) || headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';

/** Stops taking requests. The runtime, which hears the same signal, ends the process within its deadline. */
function stopServing(server: Server, logger: Logger): void {
  if (!server.listening) return;
  logger.info({}, 'Stopping');
  server.close();
  server.closeIdleConnections();
}
