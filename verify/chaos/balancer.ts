import { once } from 'node:events';
import http from 'node:http';

const UPSTREAM_TIMEOUT_MS = 120_000;

export interface Balancer {
  url: string;
  close(): Promise<void>;
}

/**
 * What stands in front of several servers: each request goes to the next in turn. A server that refuses the
 * connection is passed over; one that dies over a request has answered it with 502, because it may have acted on it.
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
        if (await pass({ request, response, body, port: upstreamPort })) return;
      }
      fail(response);
    } catch {
      fail(response);
    }
  });
  // Never the side that closes an idle connection at the moment at which the other sends.
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

interface Passing {
  request: http.IncomingMessage;
  response: http.ServerResponse;
  body: Buffer;
  port: number;
}

/** False: the server refused the connection, and nothing was sent. Rejects when it broke off. */
function pass({ request, response, body, port }: Passing): Promise<boolean> {
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
      (answer) => {
        const { connection: _, 'keep-alive': __, ...headers } = answer.headers;
        response.writeHead(answer.statusCode ?? 502, headers);
        answer.pipe(response);
        answer.once('error', reject);
        answer.once('end', () => resolve(true));
      },
    );
    upstream.once('timeout', () => upstream.destroy(new Error('no answer')));
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
