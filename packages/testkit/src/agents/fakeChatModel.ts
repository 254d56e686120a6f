import type { ServerResponse } from 'node:http';
import { listenOnLoopback, readText } from '../loopback';
import { Arrivals } from './arrivals';
import { Gate } from './gate';

export interface ChatRequest {
  path: string;
  headers: Record<string, string | string[] | undefined>;
  /** The chat-completions request, as JSON. */
  body: Record<string, unknown>;
  /** Resolves when either side has closed the response. */
  closed: Promise<void>;
}

/** One response of the model: text, tool calls or both; or an error status. */
export interface ChatTurn {
  text?: string;
  /**
   * `arguments` given as text are sent unchanged, for example to send invalid JSON. `id`: by default the
   * number of the call in its response.
   */
  toolCalls?: { name: string; arguments: object | string; id?: string }[];
  /** `cost` in dollars, as OpenRouter reports it. */
  usage?: { promptTokens: number; completionTokens: number; cachedTokens?: number; cost?: number };
  /** Default: `tool_calls` if there are any, otherwise `stop`. */
  finishReason?: string;
  /** 401, 429, 500, … with an error body in OpenAI's format. */
  errorStatus?: number;
  errorMessage?: string;
  errorHeaders?: Record<string, string>;
  /** A part of the stream after the text, instead of its end: an error as providers send it. */
  streamedError?: unknown;
  /** The whole response, with the status 200: a page if it is text, else JSON. */
  whole?: unknown;
  /** The connection breaks off after the text. */
  breaksOff?: boolean;
  /** It begins, but does not end until `release`; so do those that follow. */
  held?: boolean;
}

/**
 * A server with OpenAI's chat-completions API, streaming or not, that sends scripted responses, and lists the
 * one model `fake-model`.
 */
export interface FakeChatModel {
  /** Including `/v1`. */
  baseUrl: string;
  /** Queues responses. */
  next(...turns: ChatTurn[]): void;
  /** Sets the response for an empty queue; at first the text `ok`. A function makes one of each request. */
  default(turn: ChatTurn | ((body: ChatRequest['body']) => ChatTurn | Promise<ChatTurn>)): void;
  /** From now on responses begin, but do not end until `release`. */
  hold(): void;
  release(): void;
  readonly requests: readonly ChatRequest[];
  /** Resolves with the `count`-th request (1-based) once it has arrived. */
  requested(count: number): Promise<ChatRequest>;
  close(): Promise<void>;
}

const USAGE: NonNullable<ChatTurn['usage']> = { promptTokens: 10, completionTokens: 5 };
const TEXT_DELTA_CHARS = 2_000;
const ARGUMENT_DELTA_CHARS = 40;
/** Whoever reads them looks at all that has come so far with each. */
const ARGUMENT_DELTAS_MAX = 20;

export async function startFakeChatModel(): Promise<FakeChatModel> {
  const requests = new Arrivals<ChatRequest>();
  const gate = new Gate();
  const queue: ChatTurn[] = [];
  let fallback: Parameters<FakeChatModel['default']>[0] = { text: 'ok' };
  const server = await listenOnLoopback(async (request, response) => {
    if (request.method === 'GET') return sendAsIs(response, MODELS);
    const closed = new Promise<void>((resolve) => response.once('close', () => resolve()));
    const body = JSON.parse(await readText(request));
    const turn = queue.shift() ?? (typeof fallback === 'function' ? await fallback(body) : fallback);
    if (turn.held) gate.hold();
    requests.record({ path: request.url ?? '', headers: request.headers, body, closed });
    if (turn.errorStatus !== undefined) return sendError(response, turn);
    if (turn.whole !== undefined) return sendAsIs(response, turn.whole);
    if (body.stream === true) await sendStream(response, turn, gate);
    else await sendWhole(response, turn, gate);
  });
  return {
    baseUrl: `${server.url}/v1`,
    next: (...turns) => queue.push(...turns),
    default: (turn) => {
      fallback = turn;
    },
    hold: () => gate.hold(),
    release: () => gate.release(),
    requests: requests.all,
    requested: (count) => requests.nth(count),
    close: () => server.close(),
  };
}

/** With a hint to retry after 1 ms, so that tests do not wait for the client's backoff. */
function sendError(
  response: ServerResponse,
  { errorStatus = 500, errorMessage = 'scripted error', errorHeaders = { 'retry-after-ms': '1' } }: ChatTurn,
): void {
  response.writeHead(errorStatus, { 'content-type': 'application/json', ...errorHeaders });
  response.end(JSON.stringify({ error: { message: errorMessage, type: 'scripted', code: null } }));
}

function sendAsIs(response: ServerResponse, whole: unknown): void {
  const isPage = typeof whole === 'string';
  response.writeHead(200, { 'content-type': isPage ? 'text/html' : 'application/json' });
  response.end(isPage ? whole : JSON.stringify(whole));
}

const MODELS = { object: 'list', data: [{ id: 'fake-model', object: 'model' }] };
const ENVELOPE = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'fake-model' };

async function sendStream(response: ServerResponse, turn: ChatTurn, gate: Gate): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (fields: object) =>
    response.write(
      `data: ${JSON.stringify({ ...ENVELOPE, object: 'chat.completion.chunk', ...fields })}\n\n`,
    );
  const delta = (fields: object) => send({ choices: [{ index: 0, delta: fields, finish_reason: null }] });
  delta({ role: 'assistant', content: '' });
  for (const part of pieces(turn.text ?? '', TEXT_DELTA_CHARS)) delta({ content: part });
  await gate.pass();
  if (turn.breaksOff) return void response.socket?.end();
  if (turn.streamedError !== undefined) {
    response.end(`data: ${JSON.stringify(turn.streamedError)}\n\ndata: [DONE]\n\n`);
    return;
  }
  for (const [index, call] of (turn.toolCalls ?? []).entries()) {
    const text = argumentsText(call.arguments);
    const deltaChars = Math.max(ARGUMENT_DELTA_CHARS, Math.ceil(text.length / ARGUMENT_DELTAS_MAX));
    const [first = '', ...rest] = pieces(text, deltaChars);
    const id = call.id ?? `call_${index}`;
    delta({ tool_calls: [{ index, id, type: 'function', function: { name: call.name, arguments: first } }] });
    for (const part of rest) delta({ tool_calls: [{ index, function: { arguments: part } }] });
  }
  send({ choices: [{ index: 0, delta: {}, finish_reason: finishReasonOf(turn) }] });
  send({ choices: [], usage: usageOf(turn) });
  response.end('data: [DONE]\n\n');
}

async function sendWhole(response: ServerResponse, turn: ChatTurn, gate: Gate): Promise<void> {
  await gate.pass();
  const toolCalls = turn.toolCalls?.map((call, index) => ({
    id: call.id ?? `call_${index}`,
    type: 'function',
    function: { name: call.name, arguments: argumentsText(call.arguments) },
  }));
  const message = { role: 'assistant', content: turn.text ?? null, tool_calls: toolCalls };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify({
      ...ENVELOPE,
      object: 'chat.completion',
      choices: [{ index: 0, message, finish_reason: finishReasonOf(turn) }],
      usage: usageOf(turn),
    }),
  );
}

const finishReasonOf = (turn: ChatTurn): string =>
  turn.finishReason ?? ((turn.toolCalls ?? []).length > 0 ? 'tool_calls' : 'stop');

function usageOf({ usage = USAGE }: ChatTurn): object {
  const { promptTokens, completionTokens, cachedTokens, cost } = usage;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    ...(cachedTokens !== undefined && { prompt_tokens_details: { cached_tokens: cachedTokens } }),
    ...(cost !== undefined && { cost }),
  };
}

const argumentsText = (value: object | string): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

function pieces(text: string, charsMax: number): string[] {
  return Array.from({ length: Math.ceil(text.length / charsMax) }, (_, index) =>
    text.slice(index * charsMax, (index + 1) * charsMax),
  );
}
