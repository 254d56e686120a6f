import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { bareHost, connectGuarded, type Reach } from '@everbeat/outgoing';

/** As much of a response as `safeFetch` reads. */
export interface RawResponse {
  status: number;
  headers: {
    get(name: string): string | null;
    getSetCookie(): string[];
    entries(): Iterable<[name: string, value: string]>;
  };
  body: (AsyncIterable<Uint8Array> & { cancel(): Promise<void> }) | null;
}

const HEADER_BYTES_MAX = 256 * 1024;

/**
 * A GET by a parser that is as lenient as those of browsers: lines that end without a carriage return, folded
 * headers, a length beside chunks. It is only asked when the strict one has refused an answer. Nothing of it
 * goes back to the server or on to another one, so what a strict parser guards against cannot be done with
 * it.
 * @throws errors of Node's sockets and its parser, `RefusedAddressError`
 */
export async function lenientGet(
  url: URL,
  { headers, reach, signal }: { headers: Record<string, string>; reach: Reach; signal: AbortSignal },
): Promise<RawResponse> {
  const isTls = url.protocol === 'https:';
  const host = bareHost(url.hostname);
  const call = (isTls ? httpsRequest : httpRequest)(url, {
    // Packed answers would have to be unpacked here.
    headers: { ...headers, 'accept-encoding': 'identity' },
    signal,
    insecureHTTPParser: true,
    maxHeaderSize: HEADER_BYTES_MAX,
    createConnection: () => {
      const socket = connectGuarded(host, Number(url.port) || (isTls ? 443 : 80), reach);
      return isTls ? connectTls({ socket, servername: host }) : socket;
    },
  }).end();
  const [answer]: IncomingMessage[] = await once(call, 'response');
  if (answer === undefined) throw new Error('There is no answer');
  return {
    status: answer.statusCode ?? 0,
    headers: headersOf(answer),
    body: bodyOf(answer),
  };
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    try {
      headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
    } catch {
      // No header of the standard: browsers leave it out.
    }
  }
  return headers;
}

function bodyOf(answer: IncomingMessage): RawResponse['body'] {
  const stream: Readable = answer;
  return {
    [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator](),
    cancel: async () => void stream.destroy(),
  };
}
