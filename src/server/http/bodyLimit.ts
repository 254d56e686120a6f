import type { Context, MiddlewareHandler } from 'hono';

/**
 * The one limit on the body of a request to `/api`: 413 before a larger body is read whole. A declared length
 * decides immediately, and the HTTP server holds the sender to it. A chunked body is read here, up to the
 * limit and no further.
 *
 * Hono's own `bodyLimit` does not do: it turns every body into a stream first, which costs more than all
 * other work on a small webhook, and it cannot copy the requests of `@hono/node-server` while the global
 * `Request` is Node's.
 *
 * `refusal`: another answer than 413, for a sender that would send the same again.
 */
export function bodyLimit(bodyBytesMax: number, refusal = tooLarge(bodyBytesMax)): MiddlewareHandler {
  return async (c, next) => {
    const declared = c.req.header('content-length');
    const isDeclared = declared !== undefined && /^\d+$/.test(declared);
    const refuse = () => refusal(c);
    if (isDeclared && c.req.header('transfer-encoding') === undefined) {
      return Number(declared) > bodyBytesMax ? refuse() : next();
    }
    const { body: stream, url, method, headers, signal } = c.req.raw;
    if (stream === null) return next();
    const body = await readUpTo(stream, bodyBytesMax);
    if (body === null) return refuse();
    c.req.raw = new Request(url, { method, headers, signal, body });
    return next();
  };
}

const tooLarge =
  (bytesMax: number) =>
  (c: Context): Response =>
    c.json({ error: `body is larger than ${bytesMax} bytes` }, 413);

/** All bytes of the stream; null as soon as they are more than `bytesMax`. */
async function readUpTo(
  stream: ReadableStream<Uint8Array>,
  bytesMax: number,
): Promise<Buffer<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.byteLength;
    if (size > bytesMax) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
