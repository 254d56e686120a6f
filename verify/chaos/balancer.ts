import { once } from 'node:events';
import http from 'node:http';

const UPSTREAM_TIMEOUT_MS = 120_000;

export interface Balancer {
  url: string;
  close(): Promise<void>;
}

/**
 * A round-robin load balancer. A server that refuses the connection is skipped. If a server dies during a
 * request, the response is 502 and the request is not sent to another, because the server may already have
 * acted on it.
 */
export async function startBalancer(port: number, upstreamPorts: readonly number[]): Promise<Balancer> {
  let turn = 0;
  const server = http.createServer(async (request, response) => {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(Buffer.from(chunk));
      const body = Buffer.concat(chunks);
      turn += 1;
      for (let offset = 0; offset < upstreamPorts.length; offset += 1) {
        const upstreamPort = upstreamPorts[(turn + offset) % upstreamPorts.length] ?? 0;
        if (await forward({ request, response, body, port: upstreamPort })) return;
      }
      fail(response);
    } catch {
      fail(response);
    }
  });
  // Otherwise this side could close an idle connection just when the other side sends a request on it.
  server.keepAliveTimeout = 0;
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

interface ForwardedRequest {
  request: http.IncomingMessage;
  response: http.ServerResponse;
  body: Buffer;
  port: number;
}

/** Resolves with false if the server refused the connection. Rejects if the connection broke later. */
function forward({ request, response, body, port }: ForwardedRequest): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const upstream = http.request(
      {
        host: '127.0.0.1',
        port,
        method: request.method,
        path: request.url,
        headers: { ...request.headers, connection: 'close', 'content-length': String(body.length) },
        agent: false,
        timeout: UPSTREAM_TIMEOUT_MS,
      },
      (upstreamResponse) => {
        const { connection: _, 'keep-alive': __, ...headers } = upstreamResponse.headers;
        response.writeHead(upstreamResponse.statusCode ?? 502, headers);
        upstreamResponse.pipe(response);
        upstreamResponse.once('error', reject);
        upstreamResponse.once('end', () => resolve(true));
      },
    );
    upstream.once('timeout', () => upstream.destroy(new Error('no response')));
    upstream.once('error', (error) => {
      if ('code' in error && error.code === 'ECONNREFUSED') resolve(false);
      else reject(error);
    });
    response.once('close', () => upstream.destroy());
    upstream.end(body);
  });
}

function fail(response: http.ServerResponse): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(502, { 'content-type': 'application/json' }).end('{"error":"bad gateway"}');
}
