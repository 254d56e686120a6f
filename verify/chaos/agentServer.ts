import { once } from 'node:events';
import http from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Random } from '../support/random';

/** The result of an agent's work: the body of its response, or of its callback. */
export interface AgentReport {
  status: 'done' | 'error';
  content: string;
  errorCode?: string;
  errorMessage?: string;
  briefs?: { type: 'insight' | 'decision'; priority: 'normal' | 'urgent'; title: string; summary: string }[];
  documents?: { name: string; content: string; append: true }[];
}

/** One call as the agent recorded it. */
export interface AgentCall {
  operationId: string;
  taskId: string;
  trigger: string;
  startedMs: number;
  /** When its work was done; null while it works. */
  endedMs: number | null;
  report: AgentReport;
  /**
   * Where the report is sent: in the response with 200 or 500, or in a callback after a response with 202.
   */
  reportedBy: 'response' | 'callback' | 'status-500';
  /** Whether the caller closed the connection before the response. */
  isCutOff: boolean;
  /** The application's final response to the callback. */
  callbackResult: 'settled' | 'not-settled' | 'unknown-address' | null;
  callbackAttempts: number;
}

const callSchema = z.object({
  operationId: z.string(),
  taskId: z.string(),
  trigger: z.string(),
  callbackUrl: z.string(),
});
const callbackResponseSchema = z.object({ settled: z.boolean() });

/** The document to whose end the agents add a line. */
export const LOG = 'Log';

const CALLBACK_TIMEOUT_MS = 30_000;
const CALLBACK_RETRY_MS = { first: 400, max: 5_000 } as const;

/**
 * Agents behind a real HTTP server. They work on whatever happens to their callers, and record every call.
 */
export class AgentServer {
  readonly calls: AgentCall[] = [];
  /** The number of calls that are being worked on. */
  working = 0;
  private mayFail = true;
  private isClosed = false;

  private constructor(
    private readonly server: http.Server,
    private readonly random: Random,
    private readonly longMs: readonly [number, number],
  ) {}

  /** A few calls take longer than `leaseSecondsMax`, so that servers have to renew their leases. */
  static async start(random: Random, leaseSecondsMax: number): Promise<AgentServer> {
    const server = http.createServer();
    const longMs = [leaseSecondsMax * 1_000, leaseSecondsMax * 1_000 + 4_000] as const;
    const agents = new AgentServer(server, random, longMs);
    server.on('request', (request, response) => {
      agents.onCall(request, response).catch(() => response.destroy());
    });
    // Otherwise this side could close an idle connection just when the other side sends a request on it.
    server.keepAliveTimeout = 0;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return agents;
  }

  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('The agents have no port');
    return `http://127.0.0.1:${address.port}`;
  }

  /** From now on no call fails or takes long. */
  stopFailing(): void {
    this.mayFail = false;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.server.close();
    this.server.closeAllConnections();
  }

  private async onCall(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { callbackUrl, ...ids } = callSchema.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
    const { report, reportedBy, workMs } = this.draw(ids.operationId);
    const call: AgentCall = {
      ...ids,
      startedMs: Date.now(),
      endedMs: null,
      report,
      reportedBy,
      isCutOff: false,
      callbackResult: null,
      callbackAttempts: 0,
    };
    this.calls.push(call);
    response.once('close', () => {
      call.isCutOff ||= !response.writableEnded;
    });
    this.working += 1;
    try {
      if (reportedBy === 'callback') response.writeHead(202).end();
      await delay(workMs);
      call.endedMs = Date.now();
      if (reportedBy === 'callback') await this.sendCallback(call, callbackUrl);
      else sendJson(response, reportedBy === 'status-500' ? 500 : 200, report);
    } finally {
      this.working -= 1;
    }
  }

  private draw(operationId: string): Pick<AgentCall, 'report' | 'reportedBy'> & { workMs: number } {
    const { random } = this;
    const workMs = random.weighted<readonly [number, number]>([
      [88, [20, 400]],
      [9, [500, 2_500]],
      [this.mayFail ? 3 : 0, this.longMs],
    ]);
    const content = `Report of ${operationId}`;
    const drawn = { workMs: random.int(...workMs) };
    if (this.mayFail && random.chance(0.06)) {
      const error = { errorCode: 'chaos', errorMessage: `Failure of ${operationId}` };
      const reportedBy = random.pick(['response', 'callback', 'status-500'] as const);
      return { ...drawn, reportedBy, report: { status: 'error', content, ...error } };
    }
    const report: AgentReport = { status: 'done', content };
    const isUrgent = this.mayFail && random.chance(0.01);
    if (isUrgent || random.chance(0.1)) {
      const kind = isUrgent
        ? ({ type: 'decision', priority: 'urgent' } as const)
        : ({ type: 'insight', priority: 'normal' } as const);
      report.briefs = [{ ...kind, title: `Brief of ${operationId}`, summary: content }];
    }
    if (random.chance(0.2))
      report.documents = [{ name: LOG, content: `Line of ${operationId}`, append: true }];
    return { ...drawn, reportedBy: random.chance(0.2) ? 'callback' : 'response', report };
  }

  /** Sends the callback until the application has responded to it. */
  private async sendCallback(call: AgentCall, callbackUrl: string): Promise<void> {
    while (!this.isClosed) {
      call.callbackAttempts += 1;
      call.callbackResult = await this.attemptCallback(call, callbackUrl);
      if (call.callbackResult !== null) return;
      await delay(
        Math.min(CALLBACK_RETRY_MS.first * 2 ** (call.callbackAttempts - 1), CALLBACK_RETRY_MS.max),
      );
    }
  }

  private async attemptCallback(
    { report }: AgentCall,
    callbackUrl: string,
  ): Promise<AgentCall['callbackResult']> {
    try {
      const response = await fetch(callbackUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(report),
        signal: AbortSignal.timeout(CALLBACK_TIMEOUT_MS),
      });
      const text = await response.text();
      if (response.status === 404) return 'unknown-address';
      if (response.status !== 200) return null;
      return callbackResponseSchema.parse(JSON.parse(text)).settled ? 'settled' : 'not-settled';
    } catch {
      return null;
    }
  }
}

function sendJson(response: http.ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
