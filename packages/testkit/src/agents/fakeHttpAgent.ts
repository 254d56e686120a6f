import { listenOnLoopback, readText } from '../loopback';
import { Arrivals } from './arrivals';
import { Gate } from './gate';

/** A call that the agent received. */
export interface HttpAgentCall {
  operationId: string;
  taskId: string;
  taskIdentifier: string;
  topicId: string;
  trigger: string;
  prompt: string;
  callbackUrl: string;
  occurrence: string;
  attempt: number;
  deadlineAt: string;
  memory: unknown;
  /** The body as it was sent. */
  text: string;
  headers: Record<string, string | string[] | undefined>;
  /** Resolves when either side has closed the response. */
  closed: Promise<void>;
}

/** A `body` given as text is sent unchanged, anything else as JSON. */
export interface HttpAgentResponse {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}
export type HttpAgentStep =
  | HttpAgentResponse
  | ((call: HttpAgentCall) => HttpAgentResponse | Promise<HttpAgentResponse>);

/** An HTTP server that is called as an agent and sends scripted responses. */
export interface FakeHttpAgent {
  url: string;
  /** Queues a response. */
  next(step: HttpAgentStep): void;
  /** Sets the response for an empty queue; at first 200 `{"content": "ok"}`. */
  default(step: HttpAgentStep): void;
  /** From now on calls arrive, but get no response until `release`. */
  hold(): void;
  release(): void;
  readonly calls: readonly HttpAgentCall[];
  /** Resolves with the `count`-th call (1-based) once it has arrived. */
  called(count: number): Promise<HttpAgentCall>;
  /** Sends the callback of a call that was responded to with 202. Resolves with the HTTP status. */
  complete(call: HttpAgentCall, body: unknown): Promise<number>;
  close(): Promise<void>;
}

export async function startFakeHttpAgent(): Promise<FakeHttpAgent> {
  const calls = new Arrivals<HttpAgentCall>();
  const gate = new Gate();
  const queue: HttpAgentStep[] = [];
  let fallback: HttpAgentStep = { body: { content: 'ok' } };
  const server = await listenOnLoopback(async (request, response) => {
    const closed = new Promise<void>((resolve) => response.once('close', () => resolve()));
    const text = await readText(request);
    const call: HttpAgentCall = { ...JSON.parse(text), text, headers: request.headers, closed };
    const step = queue.shift() ?? fallback;
    calls.record(call);
    await gate.pass();
    const { status = 200, headers, body } = typeof step === 'function' ? await step(call) : step;
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
  });
  return {
    url: server.url,
    next: (step) => queue.push(step),
    default: (step) => {
      fallback = step;
    },
    hold: () => gate.hold(),
    release: () => gate.release(),
    calls: calls.all,
    called: (count) => calls.nth(count),
    async complete(call, body) {
      const response = await fetch(call.callbackUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      await response.arrayBuffer();
      return response.status;
    },
    close: () => server.close(),
  };
}
