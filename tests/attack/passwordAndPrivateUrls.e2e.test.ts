import { hostname } from 'node:os';
import type { AgentKind } from '@everbeat/domain';
import { type PageServer, startPageServer } from '@everbeat/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOCAL_USER_ID } from '@/server/services/system/localUser';
import { startTarget, type Target } from './target';
import { send, sendBytes, type WireRequest } from './wire';

/** The running application with a password, whose agents may not call private addresses. */

const PASSWORD = 'correct horse battery';
const basic = (credentials: string): string => `Basic ${Buffer.from(credentials).toString('base64')}`;
const RIGHT = { authorization: basic(`me:${PASSWORD}`) };

let target: Target;
let pages: PageServer;
let watcherId: string;

beforeAll(async () => {
  pages = await startPageServer();
  pages.serve('<p>A page of the private network</p>');
  target = await startTarget(() => ({ ACCESS_PASSWORD: PASSWORD, ALLOW_PRIVATE_AGENT_URLS: '0' }), RIGHT);
  watcherId = (await target.app.trpc.agent.list.query())[0]?.id ?? '';
});

afterAll(async () => {
  await target?.close();
  await pages?.close();
});

describe('without the password', () => {
  /** Only a response to somebody with the password contains this. */
  const PROTECTED = /heartbeatMinSeconds|<!DOCTYPE html>|webpack|turbopack|"items"/i;
  const status = '/api/trpc/system.status';

  async function expectRefused(request: WireRequest): Promise<void> {
    const answer = await target.unharmed(() => send(target.app.url, request));
    expect({ status: answer.status, isDisclosed: PROTECTED.test(answer.text) }).toEqual({
      status: expect.toSatisfy((code: number) => code >= 300, 'no success'),
      isDisclosed: false,
    });
  }

  test('(control) with the password the same requests are answered', async () => {
    const answer = await send(target.app.url, { path: status, headers: RIGHT });
    expect(answer.status).toBe(200);
    expect(answer.text).toMatch(PROTECTED);
    expect((await send(target.app.url, { path: '/', headers: RIGHT })).text).toMatch(PROTECTED);
  });

  test.each([
    '/',
    '/tasks',
    '/agents',
    '/system',
    '/favicon.ico',
    status,
    `${status}?batch=1&input=%7B%7D`,
    `${status}/`,
    `/${status}`,
    '/API/TRPC/system.status',
    '/api/health/../trpc/system.status',
    '/api/workflows/../trpc/system.status',
    '/api/workflows/%2e%2e/trpc/system.status',
    '/api/workflows/..%2ftrpc/system.status',
    '/api/workflows/%2e%2e%2ftrpc%2fsystem.status',
    '/api/workflows/..\\trpc\\system.status',
    '/api/workflows//../../api/trpc/system.status',
    '/api/workflows/;/../../trpc/system.status',
    '/api/health%00/../trpc/system.status',
    '/api/health?/../trpc/system.status&x=/api/trpc/system.status#/api/trpc',
    '/_next/data/build/index.json',
    '/_next/image?url=%2Fapi%2Ftrpc%2Fsystem.status&w=64&q=75',
    '/_next/static/../../api/trpc/system.status',
    '/_next/../api/trpc/system.status',
    '/.env',
    '/../.env',
    '/%2e%2e/%2e%2e/etc/passwd',
  ])('the path %s is refused', async (path) => {
    if (path.startsWith('/api/health?')) return expectHealth(path);
    await expectRefused({ path });
  });

  async function expectHealth(path: string): Promise<void> {
    expect((await send(target.app.url, { path })).text).toBe('{"status":"ok"}');
  }

  test.each<[string, Record<string, string>]>([
    ['the wrong password', { authorization: basic('me:correct horse batterz') }],
    ['the beginning of the password', { authorization: basic('me:correct') }],
    ['the password with one more character', { authorization: basic(`me:${PASSWORD}x`) }],
    ['the password with a NUL', { authorization: basic(`me:${PASSWORD}\0`) }],
    ['the password in upper case', { authorization: basic(`me:${PASSWORD.toUpperCase()}`) }],
    ['an empty password', { authorization: basic('me:') }],
    ['the password as the user name', { authorization: basic(PASSWORD) }],
    ['the password as a bearer token', { authorization: `Bearer ${PASSWORD}` }],
    ['the password in plain text', { authorization: `Basic me:${PASSWORD}` }],
    ['the password in a cookie', { cookie: `authorization=${RIGHT.authorization}` }],
    ['the password for a proxy', { 'proxy-authorization': RIGHT.authorization }],
    ['the password twice', { authorization: `${RIGHT.authorization}, ${RIGHT.authorization}` }],
    ['the header of a subrequest', { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' }],
    [
      'the header of a subrequest of src/proxy',
      { 'x-middleware-subrequest': 'src/proxy:src/proxy:src/proxy:src/proxy:src/proxy' },
    ],
    [
      'the header of a subrequest of a middleware',
      { 'x-middleware-subrequest': 'middleware:middleware:middleware:middleware:middleware' },
    ],
    [
      'the headers of a request that passed the middleware',
      { 'x-middleware-next': '1', 'x-middleware-invoke': '1' },
    ],
    [
      'a rewritten path',
      {
        'x-middleware-rewrite': '/api/health',
        'x-matched-path': '/api/health',
        'x-invoke-path': '/api/health',
      },
    ],
    [
      'an original path',
      { 'x-original-url': '/api/health', 'x-rewrite-url': '/api/health', 'x-forwarded-uri': '/api/health' },
    ],
    [
      'the address of this machine',
      { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1', forwarded: 'for=127.0.0.1' },
    ],
    ['a request for a server component', { rsc: '1', 'next-router-state-tree': '[]' }],
    ['a request for the data of a page', { 'x-nextjs-data': '1' }],
    ['a server action', { 'next-action': '0'.repeat(40) }],
    ['a preflight', { 'access-control-request-method': 'GET', origin: 'http://evil.example' }],
    ['a prefetch', { purpose: 'prefetch', 'next-router-prefetch': '1' }],
    ['an overridden method', { 'x-http-method-override': 'GET' }],
  ])('a request with %s is refused', async (_name, headers) => {
    // Together, because each refusal of a wrong password waits.
    const requests = [status, '/', '/tasks'].flatMap((path) =>
      ['GET', 'POST', 'OPTIONS', 'PUT'].map((method) => ({ method, path, headers })),
    );
    await Promise.all(requests.map(expectRefused));
  });

  test('an odd request line or odd headers disclose nothing', async () => {
    const { host } = new URL(target.app.url);
    const lines = [
      `GET http://${host}/api/health/../trpc/system.status HTTP/1.1\r\nHost: ${host}`,
      `GET http://${host}${status} HTTP/1.1\r\nHost: ${host}`,
      `GET ${status} HTTP/1.1\r\nHost: ${host}\r\nHost: localhost`,
      `GET ${status} HTTP/1.0`,
      `GET ${status} HTTP/1.1\r\nHost: ${host}\r\n X-Folded: 1`,
      `GET /api/health HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked`,
    ];
    for (const line of lines) {
      const answer = await target.unharmed(() =>
        sendBytes(target.app.url, `${line}\r\nConnection: close\r\n\r\n`),
      );
      expect(answer).not.toMatch(PROTECTED);
    }
  });

  test('an unsigned webhook is refused, whatever its host and origin', async () => {
    for (const route of ['task/watchdog', 'task/heartbeat-tick', 'task/on-topic-complete', 'agent/execute']) {
      const callers: Record<string, string>[] = [
        {},
        { host: 'evil.example' },
        { origin: 'http://evil.example' },
      ];
      for (const headers of callers) {
        await expectRefused({ method: 'POST', path: `/api/workflows/${route}`, headers, body: '{}' });
      }
    }
  });
});

/**
 * Every way to write an address of this machine or its network. PORT stands for that of a server that must
 * not be reached.
 */
const PRIVATE_URLS = [
  'http://127.0.0.1:PORT/',
  'http://127.1:PORT/',
  'http://127.0.0.2:PORT/',
  'http://0.0.0.0:PORT/',
  'http://0:PORT/',
  'http://2130706433:PORT/',
  'http://017700000001:PORT/',
  'http://0177.0.0.1:PORT/',
  'http://0x7f000001:PORT/',
  'http://0x7f.0.0.1:PORT/',
  'http://127.0.0.1.:PORT/',
  'http://１２７.０.０.１:PORT/',
  'http://[::1]:PORT/',
  'http://[::]:PORT/',
  'http://[0:0:0:0:0:0:0:1]:PORT/',
  'http://[::ffff:127.0.0.1]:PORT/',
  'http://[::ffff:7f00:1]:PORT/',
  'http://[::127.0.0.1]:PORT/',
  'http://[64:ff9b::127.0.0.1]:PORT/',
  'http://[fe80::1]:PORT/',
  'http://[fd00::1]:PORT/',
  'http://localhost:PORT/',
  'http://LocalHost.:PORT/',
  'http://deep.down.localhost:PORT/',
  'http://169.254.169.254/latest/meta-data/',
  'http://10.0.0.1/',
  'http://172.16.0.1/',
  'http://192.168.0.1/',
  'http://100.100.100.200/',
];

const agentsAt = (url: string): { kind: AgentKind; config: Record<string, string> }[] => [
  { kind: 'http', config: { url } },
  { kind: 'watch', config: { url } },
  { kind: 'model', config: { model: 'm', baseUrl: url } },
];

describe('an agent with a private address', () => {
  const urlOf = (pattern: string) => pattern.replace('PORT', new URL(pages.url).port);
  const PRIVATE_ADDRESS_CODE = /^(watch|agent|model)_private_address$/;

  test.each(PRIVATE_URLS)('cannot watch a page at %s', async (pattern) => {
    const trial = await target.unharmed(() =>
      target.app.trpc.agent.test.mutate({ id: watcherId, watch: { url: urlOf(pattern) } }),
    );
    expect(trial).toMatchObject({ kind: 'error', errorCode: 'watch_private_address' });
    expect(pages.visits).toEqual([]);
  });

  test.each(PRIVATE_URLS)('cannot be created for %s', async (pattern) => {
    await target.unharmed(async () => {
      for (const agent of agentsAt(urlOf(pattern))) {
        await expect(target.app.trpc.agent.create.mutate({ name: 'Inside', ...agent })).rejects.toMatchObject(
          {
            data: { code: 'BAD_REQUEST', appCode: 'agent-misconfigured' },
          },
        );
      }
    });
  });

  test('behind a name that DNS resolves to it is refused when it is called', async () => {
    const { trpc } = target.app;
    const url = urlOf(`http://${hostname()}:PORT/`);
    for (const agent of agentsAt(url)) {
      const { id } = await trpc.agent.create.mutate({ name: 'Neighbour', ...agent });
      // A machine that cannot resolve its own name reaches nothing either.
      expect(await trpc.agent.test.mutate({ id })).toMatchObject({
        kind: 'error',
        errorCode: expect.stringMatching(/_(private_address|unreachable|unavailable)$/),
      });
    }
    expect(pages.visits).toEqual([]);
  });

  test('that was created before it was refused fails in its runs, with that reason, and reaches nothing', async () => {
    const { trpc } = target.app;
    for (const { kind, config } of agentsAt(pages.url)) {
      const [agent] = await target.query<{ id: string }>(
        `insert into everbeat.agents (id, user_id, name, kind, config) values (gen_random_uuid(), $1, $2, $2, $3) returning id`,
        [LOCAL_USER_ID, kind, config],
      );
      const { id } = await trpc.task.create.mutate({
        instruction: 'Look inside',
        agentId: agent?.id ?? null,
      });
      await trpc.task.run.mutate({ id });
      const failed = await target.app.task(id, 'its failure', ({ status }) => status === 'paused');
      expect(failed.error).toMatch(/is an address of this machine or of a private network/);
    }
    expect(pages.visits).toEqual([]);
    const codes = await target.query<{ code: string }>('select error_code as code from everbeat.operations');
    expect(codes).toHaveLength(3);
    for (const { code } of codes) expect(code).toMatch(PRIVATE_ADDRESS_CODE);
  });
});
