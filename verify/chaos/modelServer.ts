import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type ChatTurn,
  type FakeChatModel,
  listenOnLoopback,
  startFakeChatModel,
  startMcpServer,
  type TestMcpServer,
} from '@everbeat/testkit';
import { z } from 'zod';
import type { Random } from '../support/random';
import { LOG } from './agentServer';

/** One answer of the provider. */
export interface ModelAnswer {
  /** Which call of which run it answers: two answers at one position are two answers to the same call. */
  position: string;
  /** Stands in this answer, and in no other. */
  mark: string;
  startedMs: number;
  /** What it costs is asked for these tokens. Null: it is an error, which costs nothing. */
  usage: { promptTokens: number; completionTokens: number } | null;
}

/** One call of a tool, as whoever was called has recorded it. */
export interface ToolCallRecord {
  tool: string;
  /** The idempotency key: that of its step. */
  occurrence: string;
}

/** The name under which the server of tools is registered. */
export const MCP_NAME = 'chaos';

const MCP_TOOLS = {
  look: { annotations: { readOnlyHint: true } },
  put: { annotations: { idempotentHint: true } },
  send: {},
  pay: {},
} as const;

/** A call of these must not be made twice. */
export const UNSAFE_TOOLS: ReadonlySet<string> = new Set(['send', 'pay', 'http_request']);

const conversationSchema = z.object({
  messages: z.array(
    z.object({ content: z.unknown(), tool_calls: z.array(z.object({ id: z.string() })).optional() }),
  ),
});
const metaSchema = z.object({ 'everbeat/occurrence': z.string() });

/** Of one answer. */
export const OUTPUT_TOKENS_MAX = 300;

const CALLS_MIN = 2;
const CALLS_MAX = 8;

/**
 * A provider of models that speaks OpenAI's protocol, and what its models call: a server of the Model Context
 * Protocol, and an API that takes idempotency keys. All of them record what reaches them.
 */
export class ModelServer {
  readonly answers: ModelAnswer[] = [];
  private mayFail = true;

  private constructor(
    private readonly random: Random,
    private readonly longMs: readonly [number, number],
    private readonly chat: FakeChatModel,
    private readonly mcp: TestMcpServer,
    private readonly api: { url: string; calls: ToolCallRecord[]; close(): Promise<void> },
  ) {}

  /** A few answers take longer than `leaseSecondsMax`, so that servers have to renew their leases. */
  static async start(random: Random, leaseSecondsMax: number): Promise<ModelServer> {
    const [chat, mcp, api] = await Promise.all([startFakeChatModel(), startMcpServer(), startApi()]);
    mcp.serve(...Object.entries(MCP_TOOLS).map(([name, traits]) => ({ name, ...traits })));
    const longMs = [leaseSecondsMax * 1_000, leaseSecondsMax * 1_000 + 4_000] as const;
    const models = new ModelServer(random, longMs, chat, mcp, api);
    chat.default((body) => models.answer(body));
    return models;
  }

  get baseUrl(): string {
    return this.chat.baseUrl;
  }

  get mcpUrl(): string {
    return this.mcp.url;
  }

  /** `127.0.0.1:4711` */
  get apiHost(): string {
    return new URL(this.api.url).host;
  }

  /** All calls of tools so far. */
  get toolCalls(): ToolCallRecord[] {
    const ofMcp = this.mcp.calls.map(({ name, meta }) => ({
      tool: name,
      occurrence: metaSchema.safeParse(meta).data?.['everbeat/occurrence'] ?? 'none',
    }));
    return [...ofMcp, ...this.api.calls];
  }

  /** From now on no answer fails or takes long, and nothing is called that a person must approve. */
  stopFailing(): void {
    this.mayFail = false;
  }

  async close(): Promise<void> {
    await Promise.all([this.chat.close(), this.mcp.close(), this.api.close()]);
  }

  private async answer(body: unknown): Promise<ChatTurn> {
    const { messages } = conversationSchema.parse(body);
    const calls = messages.flatMap(({ tool_calls: made = [] }) => made.slice(0, 1));
    const mark = randomUUID();
    const answer: ModelAnswer = {
      position: calls.at(-1)?.id ?? hashOf(messages),
      mark,
      startedMs: Date.now(),
      usage: usageOf(body, this.random),
    };
    this.answers.push(answer);
    const { random, mayFail } = this;
    await delay(random.int(...(mayFail && random.chance(0.02) ? this.longMs : ([20, 300] as const))));
    if (mayFail && random.chance(0.03)) {
      answer.usage = null;
      return { errorStatus: 503 };
    }
    const usage = answer.usage ?? undefined;
    const mayStop = calls.length >= CALLS_MIN && (!mayFail || random.chance(0.3));
    if (mayStop || calls.length >= CALLS_MAX) return { text: `Report ${mark}`, usage };
    const toolCalls = [this.call(mark, mark), ...(random.chance(0.3) ? [this.call(mark, `${mark}-2`)] : [])];
    return { toolCalls, usage };
  }

  private call(mark: string, id: string): { name: string; arguments: object; id: string } {
    const tool = this.random.weighted([
      [3, 'look'],
      [3, 'put'],
      [3, 'send'],
      [this.mayFail ? 0.3 : 0, 'pay'],
      [3, 'http_request'],
      [2, 'write_document'],
    ] as const);
    if (tool === 'write_document')
      return { id, name: tool, arguments: { name: LOG, content: lineOf(id), append: true } };
    if (tool === 'http_request')
      return { id, name: tool, arguments: { method: 'POST', url: `${this.api.url}/orders`, body: mark } };
    return { id, name: `${MCP_NAME}__${tool}`, arguments: { what: mark } };
  }
}

/** What a model adds to the document of its task. */
export const lineOf = (id: string): string => `Line of ${id}`;

/**
 * About as many tokens as the text of the request has, at four characters each, so that it is never the worst
 * case.
 */
const usageOf = (body: unknown, random: Random) => ({
  promptTokens: Math.ceil(JSON.stringify(body).length / 4),
  completionTokens: random.int(20, OUTPUT_TOKENS_MAX),
});

const hashOf = (messages: unknown): string =>
  createHash('sha256').update(JSON.stringify(messages)).digest('hex');

async function startApi() {
  const calls: ToolCallRecord[] = [];
  const server = await listenOnLoopback((request, response) => {
    const key = request.headers['idempotency-key'];
    calls.push({ tool: 'http_request', occurrence: typeof key === 'string' ? key : 'none' });
    request.resume();
    response.writeHead(201, { 'content-type': 'text/plain' }).end('ordered');
  });
  return { url: server.url, calls, close: () => server.close() };
}
