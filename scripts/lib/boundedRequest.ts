import { IncomingMessage, type RequestListener } from 'node:http';
import { LIMITS } from '@everbeat/domain';

/** More than this no route takes. Next reads a body whole, in memory, before a route can refuse it. */
const BODY_BYTES_MAX = Math.max(LIMITS.webhookBodyBytesMax, LIMITS.trpcBodyBytesMax);
/** For whoever sends too much to see the answer; a connection that is ended at once often swallows it. */
const LINGER_MS = 1_000;

/** A request that says `too-large`, and holds no more of its body, once that has grown past the limit. */
export class BoundedRequest extends IncomingMessage {
  private bodyBytes = 0;

  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    const isWithin = this.bodyBytes <= BODY_BYTES_MAX;
    if (Buffer.isBuffer(chunk)) this.bodyBytes += chunk.byteLength;
    if (this.bodyBytes <= BODY_BYTES_MAX || chunk === null) return super.push(chunk, encoding);
    if (isWithin) this.emit('too-large');
    return true;
  }
}

/** Answers 413 to a request whose body is, or grows, too large, and ends its connection; all others go on to `handle`. */
export const withinBounds =
  (handle: RequestListener): RequestListener =>
  (request, response) => {
    const refuse = (): void => {
      if (!response.headersSent) {
        const answer = JSON.stringify({ error: `body is larger than ${BODY_BYTES_MAX} bytes` });
        const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) };
        response.writeHead(413, headers).write(answer);
      }
      request.resume();
      setTimeout(() => request.destroy(), LINGER_MS).unref();
    };
    if (Number(request.headers['content-length'] ?? 0) > BODY_BYTES_MAX) return refuse();
    request.once('too-large', refuse);
    handle(request, response);
  };
