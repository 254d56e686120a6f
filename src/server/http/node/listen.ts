import { createServer, type RequestListener, type Server } from 'node:http';
import type { Env } from '@/env/parseEnv';

const HEADERS_TIMEOUT_MS = 15_000;
/** For a request to arrive whole. Responses may take any time: an event stream stays open. */
const REQUEST_TIMEOUT_MS = 30_000;
/** How often the two timeouts are checked; Node's default of 30 s would double them. */
const CONNECTIONS_CHECK_MS = 1_000;
/**
 * Longer than the usual minute of a reverse proxy, so that the proxy never reuses a connection we are
 * closing.
 */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

export type Address = Pick<Env, 'HOST' | 'PORT'>;

/** Rejects with a remedy when the address cannot be listened on. */
export async function listen(listener: RequestListener, { HOST, PORT }: Address): Promise<Server> {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      connectionsCheckingInterval: CONNECTIONS_CHECK_MS,
    },
    listener,
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) =>
      reject(new Error(listenProblem(error, { HOST, PORT }), { cause: error })),
    );
    server.listen(PORT, HOST, resolve);
  });
  return server;
}

/** Rejects like `listen`, for a check before a long build. */
export async function assertPortIsFree(address: Address): Promise<void> {
  const server = await listen(() => undefined, address);
  await new Promise((resolve) => server.close(resolve));
}

function listenProblem(error: Error, { HOST, PORT }: Address): string {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return `Port ${PORT} is in use, perhaps by another Everbeat. Stop it, or choose another port: PORT=${PORT + 1} npm start`;
  }
  if (code === 'EACCES')
    return `This user may not listen on port ${PORT}. Choose one above 1023: PORT=3000 npm start`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `HOST is not an address of this machine: ${HOST}`;
  return `Cannot listen on ${HOST}:${PORT}: ${error.message}`;
}
