import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { type LoopbackServer, listenOnLoopback } from '@everbeat/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { call, GROWTH_BYTES_MAX, MB, PART, pour, runCalls, SHORT_MS } from '../../../test/misbehaving';
import type { ToolsConfig } from './toolsConfig';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
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
    const { outcome, calls, grown } = await runCalls(
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
