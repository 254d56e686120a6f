import { hostname } from 'node:os';
import type { AgentKind } from '@everbeat/domain';
import { type PageServer, startPageServer } from '@everbeat/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOCAL_USER_ID } from '@/server/services/system/localUser';
import { startTarget, type Target } from './target';
import { send, sendBytes, type WireRequest } from './wire';

/** The running application with a password, and with private addresses refused to its agents. */

const PASSWORD = 'correct horse battery';
const basic = (credentials: string): string => `Basic ${Buffer.from(credentials).toString('base64')}`;
const RIGHT = { authorization: basic(`me:${PASSWORD}`) };

let target: Target;
let pages: PageServer;
let watcherId: string;

beforeAll(async () => {
  pages = await startPageServer();
  pages.serve('<p>The inner sanctum</p>');
  target = await startTarget(() => ({ ACCESS_PASSWORD: PASSWORD, ALLOW_PRIVATE_AGENT_URLS: '0' }), RIGHT);
  watcherId = (await target.app.trpc.agent.list.query())[0]?.id ?? '';
});

afterAll(async () => {
  await target?.close();
  await pages?.close();
});

describe('without the password', () => {
  const SECRETS = /heartbeatMinSeconds|<!DOCTYPE html>|webpack|turbopack|"items"/i;
  const status = '/api/trpc/system.status';

  /** No attempt may be answered as one with the password is. */
  async function expectShut(request: WireRequest): Promise<void> {
    const answer = await target.unharmed(() => send(target.app.url, request));
    expect({ status: answer.status, isTold: SECRETS.test(answer.text) }).toEqual({
      status: expect.toSatisfy((code: number) => code >= 300, 'no success'),
      isTold: false,
    });
  }

  test('the right one opens, so that the rest of this can fail', async () => {
    const answer = await send(target.app.url, { path: status, headers: RIGHT });
    expect(answer.status).toBe(200);
    expect(answer.text).toMatch(SECRETS);
    expect((await send(target.app.url, { path: '/', headers: RIGHT })).text).toMatch(SECRETS);
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
  ])('%s stays shut', async (path) => {
    if (path.startsWith('/api/health?')) return expectOpenOnlyToHealth(path);
    await expectShut({ path });
  });

  async function expectOpenOnlyToHealth(path: string): Promise<void> {
    expect((await send(target.app.url, { path })).text).toBe('{"status":"ok"}');
  }

  test.each<[string, Record<string, string>]>([
    ['the wrong password', { authorization: basic('me:correct horse batterz') }],
    ['a beginning of it', { authorization: basic('me:correct') }],
    ['more than it', { authorization: basic(`me:${PASSWORD}x`) }],
    ['it with a NUL', { authorization: basic(`me:${PASSWORD}\0`) }],
    ['it in another case', { authorization: basic(`me:${PASSWORD.toUpperCase()}`) }],
    ['none', { authorization: basic('me:') }],
    ['it as the user name', { authorization: basic(PASSWORD) }],
    ['it as a bearer token', { authorization: `Bearer ${PASSWORD}` }],
    ['it in plain text', { authorization: `Basic me:${PASSWORD}` }],
    ['it in a cookie', { cookie: `authorization=${RIGHT.authorization}` }],
    ['it as for a proxy', { 'proxy-authorization': RIGHT.authorization }],
    ['it twice over', { authorization: `${RIGHT.authorization}, ${RIGHT.authorization}` }],
    ['a claim to be a subrequest', { 'x-middleware-subrequest': 'proxy:proxy:proxy:proxy:proxy' }],
    [
      'a claim to be a subrequest of src',
      { 'x-middleware-subrequest': 'src/proxy:src/proxy:src/proxy:src/proxy:src/proxy' },
    ],
    [
      'a claim to be a subrequest of a middleware',
      { 'x-middleware-subrequest': 'middleware:middleware:middleware:middleware:middleware' },
    ],
    ['a claim to have passed', { 'x-middleware-next': '1', 'x-middleware-invoke': '1' }],
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
    ['the wish for a component', { rsc: '1', 'next-router-state-tree': '[]' }],
    ['the wish for data', { 'x-nextjs-data': '1' }],
    ['an action', { 'next-action': '0'.repeat(40) }],
    ['a preflight', { 'access-control-request-method': 'GET', origin: 'http://evil.example' }],
    ['a prefetch', { purpose: 'prefetch', 'next-router-prefetch': '1' }],
    ['another method in its place', { 'x-http-method-override': 'GET' }],
  ])('%s opens nothing', async (_name, headers) => {
    for (const path of [status, '/', '/tasks']) {
      for (const method of ['GET', 'POST', 'OPTIONS', 'PUT']) await expectShut({ method, path, headers });
    }
  });

  test('a whole address in the request line, or two hosts, open nothing', async () => {
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
      expect(answer).not.toMatch(SECRETS);
    }
  });

  test('no webhook works unsigned, whatever the name under which it is called', async () => {
    for (const route of ['task/watchdog', 'task/heartbeat-tick', 'task/on-topic-complete', 'agent/execute']) {
      const callers: Record<string, string>[] = [
        {},
        { host: 'evil.example' },
        { origin: 'http://evil.example' },
      ];
      for (const headers of callers) {
        await expectShut({ method: 'POST', path: `/api/workflows/${route}`, headers, body: '{}' });
      }
    }
  });
});

/** Every way to write an address of this machine or its network; PORT is that of a server which must not be reached. */
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

describe('an agent that is sent inside', () => {
  const urlOf = (pattern: string) => pattern.replace('PORT', new URL(pages.url).port);
  const isRefused = /^(watch|agent|model)_private_address$/;

  test.each(PRIVATE_URLS)('watches nothing at %s', async (pattern) => {
    const trial = await target.unharmed(() =>
      target.app.trpc.agent.test.mutate({ id: watcherId, watch: { url: urlOf(pattern) } }),
    );
    expect(trial).toMatchObject({ kind: 'error', errorCode: 'watch_private_address' });
    expect(pages.visits).toEqual([]);
  });

  test.each(PRIVATE_URLS)('cannot be set up to live at %s', async (pattern) => {
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

  test('by a name that only a look-up shows to be private is refused when it is called', async () => {
    const { trpc } = target.app;
    const url = urlOf(`http://${hostname()}:PORT/`);
    for (const agent of agentsAt(url)) {
      const { id } = await trpc.agent.create.mutate({ name: 'Neighbour', ...agent });
      // A machine that does not know its own name leads nowhere either.
      expect(await trpc.agent.test.mutate({ id })).toMatchObject({
        kind: 'error',
        errorCode: expect.stringMatching(/_(private_address|unreachable|unavailable)$/),
      });
    }
    expect(pages.visits).toEqual([]);
  });

  test('was set up before that was refused: its runs fail with a brief that says so, and reach nothing', async () => {
    const { trpc } = target.app;
    for (const { kind, config } of agentsAt(pages.url)) {
      const [agent] = await target.query<{ id: string }>(
        `insert into agents (id, user_id, name, kind, config) values (gen_random_uuid(), $1, $2, $2, $3) returning id`,
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
    const codes = await target.query<{ code: string }>('select error_code as code from operations');
    expect(codes).toHaveLength(3);
    for (const { code } of codes) expect(code).toMatch(isRefused);
  });
});
