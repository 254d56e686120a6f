import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Random } from '../support/random';

/** What an agent says when its work is done: the body of the `http` agent's answer. */
export interface AgentWords {
  status: 'done' | 'error';
  content: string;
  errorCode?: string;
  errorMessage?: string;
  briefs?: { type: 'insight' | 'decision'; priority: 'normal' | 'urgent'; title: string; summary: string }[];
}

/** One call as the agent saw it. */
export interface AgentCall {
  operationId: string;
  taskId: string;
  trigger: string;
  startedMs: number;
  /** When its work was done; null while it works. */
  endedMs: number | null;
  words: AgentWords;
  /** `later`: 202 first, the words by the callback. */
  how: 'at-once' | 'later' | 'status-500';
  /** The caller had gone before the answer. */
  isCutOff: boolean;
  /** How the server answered the callback in the end. */
  verdict: 'settled' | 'not-settled' | 'unknown-address' | null;
  /** Attempts of the callback. */
  tellings: number;
}

const callSchema = z.object({
  operationId: z.string(),
  taskId: z.string(),
  trigger: z.string(),
  callbackUrl: z.string(),
});
const verdictSchema = z.object({ settled: z.boolean() });

const TELL_TIMEOUT_MS = 30_000;
const TELL_AGAIN_MS = { first: 400, max: 5_000 } as const;

/** Real agents behind HTTP that outlive whatever happens to their callers and remember every call. */
export class Agents {
  readonly calls: AgentCall[] = [];
  working = 0;
  private isCalm = false;
  private isClosed = false;

  private constructor(
    private readonly server: http.Server,
    private readonly random: Random,
    private readonly longMs: readonly [number, number],
  ) {}

  /** `leaseSecondsMax`: a few calls last longer than a lease, which their servers have to keep. */
  static async open(random: Random, leaseSecondsMax: number): Promise<Agents> {
    const server = http.createServer();
    const longMs = [leaseSecondsMax * 1_000, leaseSecondsMax * 1_000 + 4_000] as const;
    const agents = new Agents(server, random, longMs);
    server.on('request', (request, response) => {
      agents.answer(request, response).catch(() => response.destroy());
    });
    // Never the side that closes an idle connection at the moment at which the other sends.
    server.keepAliveTimeout = 0;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return agents;
  }

  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('The agents listen on no port');
    return `http://127.0.0.1:${address.port}`;
  }

  /** From now on no agent fails, and none takes long. */
  calmDown(): void {
    this.isCalm = true;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { callbackUrl, ...named } = callSchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    const { words, how, workMs } = this.draw(named.operationId);
    const progress = { startedMs: Date.now(), endedMs: null, isCutOff: false, verdict: null, tellings: 0 };
    const call: AgentCall = { ...named, ...progress, words, how };
    this.calls.push(call);
    response.once('close', () => {
      call.isCutOff ||= !response.writableEnded;
    });
    this.working += 1;
    try {
      if (how === 'later') response.writeHead(202).end();
      await delay(workMs);
      call.endedMs = Date.now();
      if (how === 'later') await this.tell(call, callbackUrl);
      else say(response, how === 'status-500' ? 500 : 200, words);
    } finally {
      this.working -= 1;
    }
  }

  private draw(operationId: string): Pick<AgentCall, 'words' | 'how'> & { workMs: number } {
    const { random } = this;
    const workMs = random.weighted<readonly [number, number]>([
      [88, [20, 400]],
      [9, [500, 2_500]],
      [this.isCalm ? 0 : 3, this.longMs],
    ]);
    const content = `Report of ${operationId}`;
    const drawn = { workMs: random.int(...workMs) };
    if (!this.isCalm && random.chance(0.06)) {
      const error = { errorCode: 'storm', errorMessage: `Trouble of ${operationId}` };
      const how = random.pick(['at-once', 'later', 'status-500'] as const);
      return { ...drawn, how, words: { status: 'error', content, ...error } };
    }
    const words: AgentWords = { status: 'done', content };
    const isUrgent = !this.isCalm && random.chance(0.01);
    if (isUrgent || random.chance(0.1)) {
      const kind = isUrgent
        ? ({ type: 'decision', priority: 'urgent' } as const)
        : ({ type: 'insight', priority: 'normal' } as const);
      words.briefs = [{ ...kind, title: `Brief of ${operationId}`, summary: content }];
    }
    return { ...drawn, how: random.chance(0.2) ? 'later' : 'at-once', words };
  }

  /** Tells the callback until it was heard. */
  private async tell(call: AgentCall, callbackUrl: string): Promise<void> {
    while (!this.isClosed) {
      call.tellings += 1;
      call.verdict = await this.tellOnce(call, callbackUrl);
      if (call.verdict !== null) return;
      await delay(Math.min(TELL_AGAIN_MS.first * 2 ** (call.tellings - 1), TELL_AGAIN_MS.max));
    }
  }

  private async tellOnce({ words }: AgentCall, callbackUrl: string): Promise<AgentCall['verdict']> {
    try {
      const response = await fetch(callbackUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(words),
        signal: AbortSignal.timeout(TELL_TIMEOUT_MS),
      });
      const text = await response.text();
      if (response.status === 404) return 'unknown-address';
      if (response.status !== 200) return null;
      return verdictSchema.parse(JSON.parse(text)).settled ? 'settled' : 'not-settled';
    } catch {
      return null;
    }
  }
}

function say(response: http.ServerResponse, status: number, words: AgentWords): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(words));
}
