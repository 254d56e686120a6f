import { type LoopbackServer, listenOnLoopback } from '@everbeat/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  addressPolicy,
  bytesHeld,
  call,
  GROWTH_BYTES_MAX,
  MB,
  MCP,
  PART,
  pour,
  runCalls,
  SHORT_MS,
} from '../../../test/misbehaving';
import { type Misbehaviour, RAW_TOOLS, startRawMcpServer } from '../../../test/rawMcpServer';
import { checkMcpServer } from '../../mcp/check';
import type { McpServer } from '../../mcp/server';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

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
      says: /was not answered within/,
      isSlow: true,
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
      says: /was not answered within/,
      isSlow: true,
    },
    'closes in the middle of its answer': {
      how: onCall((raw) => asJson(raw).write('{"jsonrpc":', () => raw.response.destroy())),
      says: /closed the connection/,
    },
    'ends a stream without an answer': {
      how: onCall((raw) => void asEvents(raw).end(': nothing\n\n')),
      says: /answer/,
      isSlow: true,
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
      says: /nested too deeply/,
      status: 'done',
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
      const { outcome, calls, grown } = await runCalls(
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
    let openedAfterIt = 0;
    mcp.misbehave((raw) => {
      if (raw.method === 'initialize') openedAfterIt += mcp.calls();
      return mcp.calls() > 1 ? false : onCall(({ response }) => response.destroy())(raw);
    });
    const { calls } = await runCalls(
      { tools: MCP, server: server() },
      call('mail__send'),
      call('mail__send'),
    );
    expect(calls).toMatchObject([{ status: 'unknown' }, { status: 'done' }]);
    expect([mcp.calls(), openedAfterIt]).toEqual([2, 1]);
  });

  it('that did not answer a call which changes nothing: that call failed, and is not unknown', async () => {
    mcp.misbehave(onCall(({ response }) => response.destroy()));
    const { calls } = await runCalls({ tools: MCP, server: server() }, call('mail__find'));
    expect(calls).toMatchObject([{ status: 'failed' }]);
  });

  it('that refuses a call says why', async () => {
    mcp.misbehave(
      onCall((raw) => {
        const error = { code: -32_602, message: 'There is no mailbox "ada"' };
        asJson(raw).end(JSON.stringify({ jsonrpc: '2.0', id: raw.id, error }));
      }),
    );
    const { calls } = await runCalls({ tools: MCP, server: server() }, call('mail__send'));
    expect(calls).toEqual([{ status: 'failed', said: expect.stringContaining('no mailbox') }]);
  });

  it('whose schema of results has a pattern that takes for ever', async () => {
    const outputSchema = { type: 'object', properties: { a: { type: 'string', pattern: '^(a+)+$' } } };
    mcp.misbehave(({ method, answer }) => {
      if (method === 'tools/list') answer({ tools: RAW_TOOLS.map((tool) => ({ ...tool, outputSchema })) });
      if (method === 'tools/call') answer({ content: [], structuredContent: { a: `${'a'.repeat(60)}!` } });
      return method.startsWith('tools/');
    });
    const { calls } = await runCalls({ tools: MCP, server: server() }, call('mail__send'));
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
