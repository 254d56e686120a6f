import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  type ChatTurn,
  createTempFolder,
  type FakeChatModel,
  type LoopbackServer,
  listenOnLoopback,
  startFakeChatModel,
} from '@everbeat/testkit';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exampleRequest } from '../../../test/contract';
import { type Misbehaviour, RAW_TOOLS, startRawMcpServer } from '../../../test/rawMcpServer';
import { checkMcpServer } from '../../mcp/check';
import type { McpServer } from '../../mcp/server';
import { readTools } from '../../mcp/tools';
import type { RunStep } from '../../port';
import { modelKind } from './modelKind';
import type { ToolsConfig } from './toolsConfig';

/**
 * Servers that do not keep to any rule, called by a model through the whole run. Each such call ends with words for
 * the model and a status that says whether it may have happened, within bounded time and memory, and the run goes on.
 */

const SERVER_ID = '01900000-0000-7000-8000-000000000001';
const addressPolicy = { privateAddresses: 'typed' } as const;
/** For servers that never answer: real calls are given five minutes. */
const SHORT_MS = 700;
/** Of the process while it is flooded; what a server sends is without end, or 100 MB. */
const GROWTH_BYTES_MAX = 200_000_000;
const MB = 1_000_000;

let chat: FakeChatModel;
beforeEach(async () => {
  chat = await startFakeChatModel();
  closing.push(() => chat.close());
});

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

interface Situation {
  tools: ToolsConfig;
  server?: McpServer;
  toolMsMax?: number;
  instruction?: string;
}

const call = (name: string, input: object = {}): ChatTurn => ({ toolCalls: [{ name, arguments: input }] });

/** What the process holds of the JavaScript heap and beside it. */
function bytesHeld(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Runs the calls, each in a turn of its own. Returns how each ended, and by how much the process grew meanwhile. */
async function run({ tools, server, toolMsMax, instruction = 'Do it' }: Situation, ...turns: ChatTurn[]) {
  const offered = readTools(RAW_TOOLS).tools.map((tool) => ({ ...tool, state: 'accepted' as const }));
  const runtime = modelKind.createRuntime({
    providers: { 'openai-compatible': { baseUrl: chat.baseUrl } },
    ...{ defaultModel: 'openai-compatible/fake', addressPolicy, browserPath: 'none', toolMsMax },
    mcpServers: async () => (server === undefined ? [] : [{ id: SERVER_ID, server, tools: offered }]),
  });
  chat.next(...turns, { text: 'Went on' });
  const written: RunStep[] = [];
  const steps = {
    recorded: async () => [],
    shouldYield: () => false,
    async write(some: readonly RunStep[]) {
      for (const step of some) written[step.index] = step;
    },
    writeDocument: async () => true,
  };
  const before = bytesHeld();
  let grown = 0;
  const meter = setInterval(() => {
    grown = Math.max(grown, bytesHeld() - before);
  }, 10);
  const outcome = await runtime.run(
    exampleRequest({ instruction, isInstructionTyped: true, config: { tools }, steps }),
  );
  clearInterval(meter);
  const calls = written.filter(({ kind }) => kind === 'tool');
  return {
    outcome,
    grown,
    calls: calls.map(({ status, result }) => ({ status, said: JSON.stringify(result) })),
  };
}

const MCP: ToolsConfig = { mcp: [{ serverId: SERVER_ID, default: 'allow' }] };

/** Sends a part of a body again and again, as fast as it is taken, until the connection is closed. */
function pour(response: ServerResponse, part: Buffer | string, bytesMax = Number.POSITIVE_INFINITY): void {
  let bytes = 0;
  const more = () => {
    while (!response.destroyed && bytes < bytesMax) {
      bytes += part.length;
      if (!response.write(part)) return void response.once('drain', more);
    }
    response.end();
  };
  more();
}

const PART = 'x'.repeat(65_536);

/** Answers calls of tools in this way, and everything else as it should. */
const onCall =
  (how: (call: Parameters<Misbehaviour>[0]) => void): Misbehaviour =>
  (rawCall) => {
    if (rawCall.method === 'tools/call') how(rawCall);
    return rawCall.method === 'tools/call';
  };
const asJson = ({ response }: Parameters<Misbehaviour>[0]) =>
  response.writeHead(200, { 'content-type': 'application/json' });
const asEvents = ({ response }: Parameters<Misbehaviour>[0]) =>
  response.writeHead(200, { 'content-type': 'text/event-stream' });

describe('a tool server over HTTP', () => {
  let mcp: Awaited<ReturnType<typeof startRawMcpServer>>;
  let elsewhere: LoopbackServer;
  let visits = 0;
  beforeEach(async () => {
    mcp = await startRawMcpServer();
    elsewhere = await listenOnLoopback((_request, response) => {
      visits += 1;
      response.end();
    });
    closing.push(
      () => mcp.close(),
      () => elsewhere.close(),
    );
  });
  const server = (): McpServer => ({ transport: 'http', name: 'mail', url: mcp.url, headers: {} });

  const WAYS: Record<string, { how: Misbehaviour; says: RegExp; status?: string; isSlow?: boolean }> = {
    'never answers': { how: onCall(() => {}), says: /was not answered within/, isSlow: true },
    'never ends its answer': {
      how: onCall((raw) => void asJson(raw).write('{"jsonrpc":')),
      ...{ says: /was not answered within/, isSlow: true },
    },
    'answers for ever': { how: onCall((raw) => pour(asJson(raw), PART)), says: /more than 5000000 bytes/ },
    'answers with a line of 100 MB': {
      how: onCall((raw) => pour(asEvents(raw), PART, 100 * MB)),
      says: /more than 5000000 bytes/,
    },
    'sends events for ever': {
      how: onCall((raw) =>
        pour(asEvents(raw), 'data: {"jsonrpc":"2.0","method":"notifications/x"}\n\n'.repeat(1_000)),
      ),
      says: /more than 5000000 bytes/,
    },
    'sends nothing but signs of life': {
      how: onCall((raw) => void asEvents(raw).write(': alive\n\n')),
      ...{ says: /was not answered within/, isSlow: true },
    },
    'closes in the middle of its answer': {
      how: onCall((raw) => asJson(raw).write('{"jsonrpc":', () => raw.response.destroy())),
      says: /closed the connection/,
    },
    'ends a stream without an answer': {
      how: onCall((raw) => void asEvents(raw).end(': nothing\n\n')),
      ...{ says: /answer/, isSlow: true },
    },
    'answers with another shape': {
      how: onCall(({ answer }) => answer({ content: 'text' })),
      says: /does not answer as a server of the Model Context Protocol/,
    },
    'answers with no JSON': {
      how: onCall((raw) => asJson(raw).end('<h1>Hello</h1>')),
      says: /does not answer as a server of the Model Context Protocol/,
    },
    'answers with JSON that is nested a million times': {
      how: onCall((raw) => asJson(raw).end(`${'['.repeat(MB)}${']'.repeat(MB)}`)),
      says: /does not answer as a server of the Model Context Protocol/,
    },
    'nests its result a hundred thousand times': {
      how: onCall((raw) => {
        const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
        const result = `{"content":[],"structuredContent":${deep}}`;
        asJson(raw).end(`{"jsonrpc":"2.0","id":${JSON.stringify(raw.id)},"result":${result}}`);
      }),
      ...{ says: /nested too deeply/, status: 'done' },
    },
    'leads to another server': {
      how: onCall(({ response }) => response.writeHead(307, { location: elsewhere.url }).end()),
      says: /status 307/,
    },
    fails: { how: onCall(({ response }) => response.writeHead(500).end('no')), says: /status 500/ },
  };

  it.each(Object.entries(WAYS))(
    'that %s',
    async (_name, { how, says, status = 'unknown', isSlow = false }) => {
      mcp.misbehave(how);
      visits = 0;
      const toolMsMax = isSlow ? SHORT_MS : undefined;
      const { outcome, calls, grown } = await run(
        { tools: MCP, server: server(), toolMsMax },
        call('mail__send'),
      );
      expect(outcome).toMatchObject({ kind: 'done', content: 'Went on' });
      expect(calls).toEqual([{ status, said: expect.stringMatching(says) }]);
      expect(visits).toBe(0);
      expect(grown).toBeLessThan(GROWTH_BYTES_MAX);
    },
  );

  it('that misbehaved once is called over a new connection the next time', async () => {
    mcp.misbehave((raw) => (mcp.calls() > 1 ? false : onCall(({ response }) => response.destroy())(raw)));
    const { calls } = await run({ tools: MCP, server: server() }, call('mail__send'), call('mail__send'));
    expect(calls).toMatchObject([{ status: 'unknown' }, { status: 'done' }]);
    expect(mcp.calls()).toBe(2);
  });

  it('that did not answer a call which changes nothing: that call failed, and is not unknown', async () => {
    mcp.misbehave(onCall(({ response }) => response.destroy()));
    const { calls } = await run({ tools: MCP, server: server() }, call('mail__find'));
    expect(calls).toMatchObject([{ status: 'failed' }]);
  });

  it('that refuses a call says why', async () => {
    mcp.misbehave(
      onCall((raw) => {
        const error = { code: -32_602, message: 'There is no mailbox "ada"' };
        asJson(raw).end(JSON.stringify({ jsonrpc: '2.0', id: raw.id, error }));
      }),
    );
    const { calls } = await run({ tools: MCP, server: server() }, call('mail__send'));
    expect(calls).toEqual([{ status: 'failed', said: expect.stringContaining('no mailbox') }]);
  });

  it('whose schema of results has a pattern that takes for ever', async () => {
    const outputSchema = { type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } };
    mcp.misbehave(({ method, answer }) => {
      if (method === 'tools/list') answer({ tools: RAW_TOOLS.map((tool) => ({ ...tool, outputSchema })) });
      if (method === 'tools/call') answer({ content: [], structuredContent: { a: `${'a'.repeat(60)}!` } });
      return method.startsWith('tools/');
    });
    const { calls } = await run({ tools: MCP, server: server() }, call('mail__send'));
    expect(calls).toMatchObject([{ status: 'done', said: expect.stringContaining('aaaa') }]);
  });

  const listing =
    (tools: () => string): Misbehaviour =>
    (raw) => {
      if (raw.method !== 'tools/list') return false;
      asJson(raw).end(
        `{"jsonrpc":"2.0","id":${JSON.stringify(raw.id)},"result":{"nextCursor":"more","tools":[${tools()}]}}`,
      );
      return true;
    };
  const tool = (name: string, schema = '{"type":"object"}') => `{"name":"${name}","inputSchema":${schema}}`;
  let lists = 0;

  it.each([
    [
      '60,000 tools',
      () => Array.from({ length: 60_000 }, (_, n) => tool(`tool_${lists++}_${n}`)).join(),
      'ready',
    ],
    ['lists without end', () => tool(`tool_${lists++}`), 'ready'],
    ['the same list for ever', () => tool('again'), 'ready'],
    [
      'a schema that is nested without end',
      () => tool('deep', `${'{"a":'.repeat(200_000)}{}${'}'.repeat(200_000)}`),
      null,
    ],
    ['a list of 6 MB', () => tool('x'.repeat(6 * MB)), 'unavailable'],
    ['no list', () => '7', 'misconfigured'],
  ])('that offers %s is checked in bounded time', async (_what, tools, verdict) => {
    mcp.misbehave(listing(tools));
    const before = bytesHeld();
    const checked = await checkMcpServer(server(), { addressPolicy, signal: AbortSignal.timeout(30_000) });
    if (verdict !== null) expect(checked.verdict).toBe(verdict);
    expect(checked.tools?.length ?? 0).toBeLessThanOrEqual(100);
    expect(checked.problem?.length ?? 0).toBeLessThan(2_000);
    expect(bytesHeld() - before).toBeLessThan(GROWTH_BYTES_MAX);
  });
});

describe('a tool server that is a program', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await createTempFolder('misbehaving');
  });
  const program = path.join(import.meta.dirname, '../../../test/rawMcpProgram.mjs');

  /** An ended process that nobody has collected yet is not running. */
  const isRunning = async (pid: number): Promise<boolean> =>
    /^State:\s+[^ZX]/m.test(await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''));

  it.each([
    ['hangs', /was not answered within/],
    ['does not end', /was not answered within/],
    ['floods with one line', /more than 5000000 bytes/],
    ['floods with lines', /more than 5000000 bytes/],
    ['ends in the middle', /ended the connection, or its program ended/],
    ['answers something else', /does not answer as a server of the Model Context Protocol/],
    ['answers another call', /was not answered within/],
  ])('that %s ends with its run, and with it all that it has started', async (how, says) => {
    const pidFile = path.join(folder, `${how.replaceAll(' ', '-')}.pids`);
    const server: McpServer = {
      ...{ transport: 'stdio', name: 'files', folder },
      command: [process.execPath, program, how, pidFile],
    };
    const toolMsMax = String(says).includes('not answered') ? 1_500 : undefined;
    const { outcome, calls, grown } = await run({ tools: MCP, server, toolMsMax }, call('files__send'));
    expect(outcome).toMatchObject({ kind: 'done', content: 'Went on' });
    expect(calls).toEqual([{ status: 'unknown', said: expect.stringMatching(says) }]);
    expect(grown).toBeLessThan(GROWTH_BYTES_MAX);
    const pids = (await readFile(pidFile, 'utf8')).trim().split('\n').map(Number);
    expect(pids).toHaveLength(2);
    expect(await Promise.all(pids.map(isRunning))).not.toContain(true);
  });
});

describe('a host that is called by HTTP', () => {
  type Handler = (response: ServerResponse) => void;
  let host: LoopbackServer;
  let handle: Handler = () => {};
  beforeEach(async () => {
    host = await listenOnLoopback((_request, response) => handle(response));
    closing.push(() => host.close());
  });

  const ok = (response: ServerResponse, type = 'application/json') =>
    response.writeHead(200, { 'content-type': type });
  const zeros = gzipSync(Buffer.alloc(100 * MB));

  const WAYS: [string, Handler, { post: string; get: string; says: RegExp; isSlow?: boolean }][] = [
    [
      'never answers',
      () => {},
      { post: 'unknown', get: 'failed', says: /was not answered within/, isSlow: true },
    ],
    [
      'never ends its answer',
      (response) => void ok(response).write('{'),
      { post: 'unknown', get: 'failed', says: /was not answered within/, isSlow: true },
    ],
    [
      'answers for ever',
      (response) => pour(ok(response), PART),
      { post: 'done', get: 'done', says: /xxx|cut|goes on/ },
    ],
    [
      'answers with a line of 100 MB',
      (response) => pour(ok(response), PART, 100 * MB),
      { post: 'done', get: 'done', says: /xxx|cut|goes on/ },
    ],
    [
      'answers with 100 MB in 100 kB',
      (response) =>
        response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'text/plain' }).end(zeros),
      { post: 'done', get: 'failed', says: /cut|text|bytes/ },
    ],
    [
      'answers with JSON that is nested 5,000 times',
      (response) => void ok(response).end(`${'['.repeat(5_000)}${']'.repeat(5_000)}`),
      { post: 'done', get: 'done', says: /material from/ },
    ],
    [
      'closes in the middle of its answer',
      (response) => ok(response).write('{', () => response.destroy()),
      { post: 'unknown', get: 'failed', says: /closed the connection/ },
    ],
    [
      'sends headers without end',
      (response) => {
        const pourHeaders = () => {
          while (response.socket?.writable && response.socket.write(`x-a: ${PART}\r\n`));
          response.socket?.once('drain', pourHeaders);
        };
        response.socket?.write('HTTP/1.1 200 OK\r\n');
        pourHeaders();
      },
      { post: 'unknown', get: 'failed', says: /more headers/ },
    ],
  ];

  it.each(WAYS)('and %s', async (_name, how, { post, get, says, isSlow = false }) => {
    handle = how;
    const tools: ToolsConfig = { http_request: { policy: 'allow', hosts: [new URL(host.url).host] } };
    const toolMsMax = isSlow ? SHORT_MS : undefined;
    const { outcome, calls, grown } = await run(
      { tools, toolMsMax, instruction: `Read ${host.url}` },
      call('http_request', { method: 'POST', url: host.url, body: '{}' }),
      call('read_page', { url: host.url }),
    );
    expect(outcome).toMatchObject({ kind: 'done', content: 'Went on' });
    expect(calls).toEqual([
      { status: post, said: expect.stringMatching(says) },
      { status: get, said: expect.stringMatching(says) },
    ]);
    expect(grown).toBeLessThan(GROWTH_BYTES_MAX);
  });
});
