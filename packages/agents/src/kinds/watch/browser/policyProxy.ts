import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type AddressPolicy, bareHost, connectGuarded, isPrivateAllowed } from '@everbeat/outgoing';

/** What one page may load altogether. */
const PAGE_BYTES_MAX = 40_000_000;
const NEEDS_KEY = 'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="page"\r\n';

/** What one page may reach through the proxy. */
interface Grant {
  policy: AddressPolicy;
  typedUrl: URL;
  bytesLeft: number;
  sockets: Set<Duplex>;
}

/** The key of a page to the proxy, until it is given back. */
export interface ProxyKey {
  username: string;
  password: string;
  /** Ends the connections of the page. */
  revoke(): void;
}

export interface PolicyProxy {
  url: string;
  grant(policy: AddressPolicy, typedUrl: URL): ProxyKey;
  close(): void;
}

/**
 * A proxy on this machine that a browser makes all its calls through, so that the pages it opens reach no
 * other addresses than agents may. Each page has a key of its own, because what is allowed follows from the
 * address that was typed for it. Names are resolved here, and the address that is checked is the one that is
 * called.
 */
export async function startPolicyProxy(): Promise<PolicyProxy> {
  const grants = new Map<string, Grant>();
  const grantOf = ({ headers }: IncomingMessage): Grant | undefined =>
    grants.get(headers['proxy-authorization'] ?? '');
  const server = createServer((request, response) => {
    const grant = grantOf(request);
    if (grant === undefined) response.writeHead(407, { 'proxy-authenticate': 'Basic realm="page"' }).end();
    else forward(request, response, grant);
  });
  server.on('connect', (request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => socket.destroy());
    const grant = grantOf(request);
    if (grant === undefined) socket.end(`${NEEDS_KEY}Content-Length: 0\r\n\r\n`);
    else tunnel(request.url ?? '', socket, grant);
  });
  server.unref().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    grant(policy, typedUrl) {
      const [username, password] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
      const key = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
      const grant = { policy, typedUrl, bytesLeft: PAGE_BYTES_MAX, sockets: new Set<Duplex>() };
      grants.set(key, grant);
      const revoke = () => {
        grants.delete(key);
        for (const socket of grant.sockets) socket.destroy();
      };
      return { username, password, revoke };
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function tunnel(authority: string, socket: Duplex, grant: Grant): void {
  if (!URL.canParse(`https://${authority}`)) {
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    return;
  }
  const far = open(new URL(`https://${authority}`), grant);
  const end = () => {
    socket.destroy();
    far.destroy();
  };
  far.once('connect', () => {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    far.pipe(socket).pipe(far);
  });
  far.once('error', () => socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')).once('close', end);
  socket.once('close', end);
}

function forward(request: IncomingMessage, response: ServerResponse, grant: Grant): void {
  const address = request.url ?? '';
  if (!URL.canParse(address) || new URL(address).protocol !== 'http:') {
    response.writeHead(400).end();
    return;
  }
  const url = new URL(address);
  const { 'proxy-authorization': _, 'proxy-connection': __, ...headers } = request.headers;
  const fail = () => (response.headersSent ? response.destroy() : response.writeHead(502).end());
  const far = httpRequest(
    url,
    // An agent, even one of its own, would make the connection itself.
    { method: request.method, headers, createConnection: () => open(url, grant) },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('error', fail).pipe(response);
    },
  );
  far.on('error', fail);
  request.pipe(far);
  response.once('close', () => far.destroy());
}

/** A connection within the policy of the page. It fails like any other when the address is refused. */
function open(url: URL, grant: Grant): Socket {
  const isPrivate = isPrivateAllowed(grant.policy, url, grant.typedUrl);
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const reach = { isPrivateAllowed: isPrivate, ownPort: grant.policy.ownPort };
  const socket = connectGuarded(bareHost(url.hostname), port, reach);
  grant.sockets.add(socket);
  socket.once('close', () => grant.sockets.delete(socket));
  socket.on('data', (chunk: Buffer) => {
    grant.bytesLeft -= chunk.length;
    if (grant.bytesLeft < 0) socket.destroy();
  });
  return socket;
}
