import { listenOnLoopback, readText } from '../loopback';
import { Arrivals } from './arrivals';
import { Gate } from './gate';

/** The call of an `http` agent as it arrived. */
export interface HttpAgentCall {
  operationId: string;
  taskId: string;
  taskIdentifier: string;
  topicId: string;
  trigger: string;
  prompt: string;
  callbackUrl: string;
  headers: Record<string, string | string[] | undefined>;
  /** When the caller or the agent has ended the connection's answer. */
  closed: Promise<void>;
}

/** `body`: text as it is, anything else as JSON. */
export interface HttpAgentAnswer {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}
export type HttpAgentStep =
  | HttpAgentAnswer
  | ((call: HttpAgentCall) => HttpAgentAnswer | Promise<HttpAgentAnswer>);

/** A real agent behind HTTP that does what a test tells it to. */
export interface FakeHttpAgent {
  url: string;
  next(step: HttpAgentStep): void;
  /** At first: 200 `{"content": "ok"}`. */
  default(step: HttpAgentStep): void;
  /** Calls wait, once they arrived, until `release`. */
  hold(): void;
  release(): void;
  readonly calls: readonly HttpAgentCall[];
  called(count: number): Promise<HttpAgentCall>;
  /** Completes an accepted call, as an agent does later; answers with the status that the callback gave. */
  complete(call: HttpAgentCall, answer: unknown): Promise<number>;
  close(): Promise<void>;
}

export async function startFakeHttpAgent(): Promise<FakeHttpAgent> {
  const calls = new Arrivals<HttpAgentCall>();
  const gate = new Gate();
  const queue: HttpAgentStep[] = [];
  let fallback: HttpAgentStep = { body: { content: 'ok' } };
  const server = await listenOnLoopback(async (request, response) => {
    const closed = new Promise<void>((resolve) => response.once('close', () => resolve()));
    const call: HttpAgentCall = { ...JSON.parse(await readText(request)), headers: request.headers, closed };
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
    async complete(call, answer) {
      const response = await fetch(call.callbackUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(answer),
      });
      await response.arrayBuffer();
      return response.status;
    },
    close: () => server.close(),
  };
}
