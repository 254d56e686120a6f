import { createServer, type RequestListener, type Server } from 'node:http';
import type { Env } from '../../src/env/parseEnv';
import { BoundedRequest, withinBounds } from './boundedRequest';
import { PROJECT_DIR } from './project';
import { webhooksFirst } from './webhooks';

const HEADERS_TIMEOUT_MS = 15_000;
/** For a request to arrive whole. Answers may take as long as they like: an event stream never ends by itself. */
const REQUEST_TIMEOUT_MS = 30_000;
/** How often connections are held against these limits; Node's own half a minute would double them. */
const CONNECTIONS_CHECK_MS = 1_000;
/** Longer than the common minute of a proxy in front, so that it is never the one to find a connection closed. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const STOP_DEADLINE_MS = 20_000;
const NOT_READY_CHARS_MAX = 500;

type Address = Pick<Env, 'HOST' | 'PORT'>;
type ServeSettings = Address & Pick<Env, 'QSTASH_CURRENT_SIGNING_KEY'>;

/** Rejects with what to do when the address cannot be listened on: better before a long build than after it. */
export async function assertPortIsFree(address: Address): Promise<void> {
  const server = await listen(() => undefined, address);
  await new Promise((resolve) => server.close(resolve));
}

/**
 * Serves the built application from this one process, which may be killed at any moment. The application itself
 * stops its background work on a signal and then ends the process; here we only stop taking requests, and set a deadline.
 */
export async function serve(env: ServeSettings): Promise<void> {
  // Imported late: Next reads its mode from the environment when it is loaded.
  const { default: createNextApp } = await import('next');
  const app = createNextApp({ dev: false, dir: PROJECT_DIR, hostname: env.HOST, port: env.PORT });
  await app.prepare();
  const next = app.getRequestHandler();
  const handle = webhooksFirst(env, (request, response) => void next(request, response));
  const server = await listen(withinBounds(handle), env);
  // Not `once`: Ctrl-C under npm arrives twice, and a signal nobody listens for would end the process at once.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopServing(server));
}

/**
 * Asks the application how it is, which also waits until its background work has started. Answers what is not ready yet,
 * or undefined when all is well. Rejects when it could not start; it has then said why.
 */
export async function whatIsNotReady({ HOST, PORT }: Address): Promise<string | undefined> {
  const host = { '0.0.0.0': '127.0.0.1', '::': '[::1]', '::1': '[::1]' }[HOST] ?? HOST;
  const origin = `http://${host}:${PORT}`;
  const health = await fetch(`${origin}/api/health`);
  if (health.status >= 500) throw new Error('Everbeat could not start; the reason is above.');
  const ready = await fetch(`${origin}/api/ready`);
  return ready.ok ? undefined : (await ready.text()).slice(0, NOT_READY_CHARS_MAX);
}

function stopServing(server: Server): void {
  if (!server.listening) return;
  console.log('Stopping ...');
  server.close();
  server.closeIdleConnections();
  setTimeout(() => {
    console.error(`Not everything stopped within ${STOP_DEADLINE_MS / 1000} s; ending anyway`);
    process.exit(1);
  }, STOP_DEADLINE_MS).unref();
}

async function listen(handle: RequestListener, { HOST, PORT }: Address): Promise<Server> {
  const server = createServer(
    {
      IncomingMessage: BoundedRequest,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      connectionsCheckingInterval: CONNECTIONS_CHECK_MS,
    },
    handle,
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(new Error(listenProblem(error, { HOST, PORT }), { cause: error })),
    );
    server.listen(PORT, HOST, resolve);
  });
  return server;
}

function listenProblem(error: Error, { HOST, PORT }: Address): string {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return `Port ${PORT} is in use, perhaps by another Everbeat. Stop that, or choose another port: PORT=${PORT + 1} npm start`;
  }
  if (code === 'EACCES')
    return `Port ${PORT} may not be used by this user. Choose one above 1023: PORT=3000 npm start`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `HOST is not an address of this machine: ${HOST}`;
  return `Cannot listen on ${HOST}:${PORT}: ${error.message}`;
}
