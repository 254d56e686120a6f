import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';

export interface LoopbackServer {
  /** `http://127.0.0.1:<port>`, without a trailing slash. */
  url: string;
  port: number;
  /** Closes the server and every open connection. */
  close(): Promise<void>;
}

/**
 * Starts a real HTTP server on a free port of 127.0.0.1. It does not keep the process alive. A handler that
 * rejects breaks its connection.
 */
export async function listenOnLoopback(
  handle: (...args: Parameters<RequestListener>) => unknown,
): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    Promise.resolve(handle(request, response)).catch(() => response.destroy());
  });
  server.unref().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A port of this machine that nothing listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = await listenOnLoopback(() => undefined);
  await server.close();
  return server.port;
}

/** Reads the whole body of a request as UTF-8. */
export async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
