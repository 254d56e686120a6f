import type { IncomingMessage, ServerResponse } from 'node:http';
import { listenOnLoopback } from '../loopback';
import { Arrivals } from './arrivals';

/** A server that lists models as OpenAI, Anthropic, Google and OpenRouter do, for whoever has its key. */
export interface FakeModelProvider {
  /** Without a path: OpenAI's API is below `/v1`, the others' wherever they are looked for. */
  url: string;
  readonly paths: readonly string[];
  /** Resolves with the path of the `count`-th request (1-based) once it has arrived. */
  called(count: number): Promise<string>;
  /** The names of the models that it lists from now on. */
  offer(...models: string[]): void;
  /** Answers everything in this way from now on; null: as usual. `hangs`: it never answers. */
  answerAll(
    answer: { status: number; body: string; headers?: Record<string, string> } | 'hangs' | null,
  ): void;
  close(): Promise<void>;
}

const headerOf = ({ headers }: IncomingMessage, name: string): string => String(headers[name] ?? '');

function keyOf(request: IncomingMessage): string {
  const bearer = headerOf(request, 'authorization').replace(/^Bearer /, '');
  return bearer || headerOf(request, 'x-api-key') || headerOf(request, 'x-goog-api-key');
}

/** The list in the form that the caller's header asks for. */
function listFor(request: IncomingMessage, models: readonly string[]): object {
  if (headerOf(request, 'x-goog-api-key') !== '') {
    const supportedGenerationMethods = ['generateContent'];
    return { models: models.map((name) => ({ name: `models/${name}`, supportedGenerationMethods })) };
  }
  const pricing = { prompt: '0.0000025', completion: '0.00001' };
  return { object: 'list', data: models.map((id) => ({ id, object: 'model', pricing })) };
}

/** `key`: empty, if it asks for none. */
export async function startFakeModelProvider(key: string): Promise<FakeModelProvider> {
  const paths = new Arrivals<string>();
  let models: readonly string[] = ['model-a', 'model-b'];
  let forAll: Parameters<FakeModelProvider['answerAll']>[0] = null;
  const send = (response: ServerResponse, status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  const server = await listenOnLoopback(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://provider');
    paths.record(pathname);
    if (forAll === 'hangs') return;
    if (forAll !== null) {
      response.writeHead(forAll.status, forAll.headers);
      response.end(forAll.body);
      return;
    }
    if (keyOf(request) !== key)
      return send(response, 401, { error: { message: `Incorrect API key provided: ${keyOf(request)}` } });
    if (pathname.endsWith('/key')) return send(response, 200, { data: { label: 'test' } });
    if (pathname.endsWith('/models')) return send(response, 200, listFor(request, models));
    send(response, 404, { error: { message: 'There is no such path' } });
  });
  return {
    url: server.url,
    paths: paths.all,
    called: (count) => paths.nth(count),
    offer: (...names) => {
      models = names;
    },
    answerAll: (answer) => {
      forAll = answer;
    },
    close: () => server.close(),
  };
}
