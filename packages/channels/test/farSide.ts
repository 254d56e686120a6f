import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { listenOnLoopback } from '@everbeat/testkit';

export interface FarSideCall {
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

type Answer = (response: ServerResponse) => void;

/**
 * A web server that stands for a service of messages. Answers 200 with what the kind expects, unless told
 * otherwise.
 */
export interface FarSide {
  url: string;
  port: number;
  readonly calls: readonly FarSideCall[];
  answer(status: number, body?: string | object, headers?: Record<string, string>): void;
  answerBy(answer: Answer): void;
  close(): Promise<void>;
}

export async function startFarSide(): Promise<FarSide> {
  const calls: FarSideCall[] = [];
  let answer: Answer = (response) => response.end('ok');
  const server = await listenOnLoopback(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    calls.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) });
    answer(response);
  });
  return {
    url: server.url,
    port: server.port,
    calls,
    answer(status, body = '', headers = {}) {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      answer = (response) => response.writeHead(status, headers).end(text);
    },
    answerBy(by) {
      answer = by;
    },
    close: () => server.close(),
  };
}

/** The JSON of the last call. */
export const lastJson = ({ calls }: FarSide): unknown => JSON.parse(calls.at(-1)?.body.toString() ?? 'null');

/** The error of a promise that must fail. */
export const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => {
      throw new Error('It did not fail');
    },
    (error: unknown) => error,
  );
