import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';

/** A request as it goes over the wire: no client normalizes the path or the headers. */
export interface WireRequest {
  method?: string;
  path: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
}

export interface WireAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

/**
 * Otherwise the server closes the connection with its response, and a client that is still writing its body
 * then sees a broken connection instead of the response.
 */
const KEPT_OPEN = { connection: 'keep-alive' };

export function send(
  origin: string,
  { method = 'GET', path, headers, body }: WireRequest,
): Promise<WireAnswer> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { hostname, port, method, path, headers: { ...KEPT_OPEN, ...headers }, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    request.once('error', reject);
    request.end(body);
  });
}

export const postJson = (
  origin: string,
  path: string,
  body: string | Buffer,
  headers: Record<string, string | string[]> = {},
): Promise<WireAnswer> =>
  send(origin, {
    method: 'POST',
    path,
    headers: {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      ...headers,
    },
    body,
  });

/** Sends the bytes unchanged, and returns all that comes back until the server ends the connection. */
export function sendBytes(origin: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      answer += chunk;
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(answer));
  });
}

/** Sends the opening, then one byte every 500 ms, until the server ends the connection. */
export function sendSlowly(origin: string, opening: string): Promise<{ answer: string; heldMs: number }> {
  const { hostname, port } = new URL(origin);
  const startedAtMs = performance.now();
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(opening));
    const drip = setInterval(() => socket.write('x'), 500);
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      answer += chunk;
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearInterval(drip);
      resolve({ answer, heldMs: performance.now() - startedAtMs });
    });
  });
}

/**
 * Streams an endless body. Returns the status with which it was refused, and how much had been sent by then.
 */
export function flood(
  origin: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; sentBytes: number }> {
  const { hostname, port } = new URL(origin);
  const chunk = Buffer.alloc(64 * 1024, 'x');
  return new Promise((resolve, reject) => {
    let sentBytes = 0;
    const request = httpRequest(
      { hostname, port, method: 'POST', path, headers: { ...KEPT_OPEN, ...headers }, agent: false },
      (response) => {
        resolve({ status: response.statusCode ?? 0, sentBytes });
        response.on('error', reject);
        request.destroy();
      },
    );
    const pump = () => {
      let hasRoom = true;
      while (hasRoom && !request.destroyed) {
        sentBytes += chunk.byteLength;
        hasRoom = request.write(chunk);
      }
    };
    request.on('drain', pump);
    // After the response this changes nothing: the server closes the connection of a body that it does not
    // read.
    request.on('error', reject);
    pump();
  });
}
