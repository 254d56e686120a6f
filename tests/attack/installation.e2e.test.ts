import { type FakeHttpAgent, startFakeHttpAgent } from '@everbeat/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deepJson } from './hostileValues';
import { PROCEDURES } from './inputs';
import { fillInstallation, goodInputs, type Installation } from './installation';
import { startTarget, type Target } from './target';
import { send, sendBytes, type WireAnswer, type WireRequest } from './wire';

/**
 * The running application without a password: requests from other sites, under other host names, and with odd
 * inputs.
 */

let target: Target;
let agent: FakeHttpAgent;
let own: Installation;
let inputs: Record<string, unknown>;

beforeAll(async () => {
  agent = await startFakeHttpAgent();
  target = await startTarget();
  own = await fillInstallation(target, agent.url);
  inputs = goodInputs(own);
});
afterAll(async () => {
  await target?.close();
  await agent?.close();
});

const JSON_TYPE = { 'content-type': 'application/json' };
const bodyOf = (name: string): string => JSON.stringify({ json: inputs[name] });
const queryOf = (name: string): string => `?${new URLSearchParams({ input: bodyOf(name) })}`;
const mutations = PROCEDURES.filter(({ type }) => type === 'mutation').map(({ name }) => name);

const call = (name: string, request: Partial<WireRequest>): Promise<WireAnswer> =>
  send(target.app.url, {
    method: 'POST',
    path: `/api/trpc/${name}`,
    body: bodyOf(name),
    headers: JSON_TYPE,
    ...request,
  });

test('every procedure of the router is attacked', () => {
  expect(Object.keys(inputs).toSorted()).toEqual(PROCEDURES.map(({ name }) => name).toSorted());
});

describe('a page of another site', () => {
  const FOREIGN: Record<string, Record<string, string>> = {
    'of another origin': { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    'in an old browser': { origin: 'https://evil.example' },
    'with the origin null': { origin: 'null' },
    'that sends no origin': { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
    'of another port of this machine': { origin: 'http://localhost:5173', 'sec-fetch-site': 'same-site' },
    'with a name that begins like ours': { origin: 'http://127.0.0.1.evil.example' },
    'with our address as a user name': { origin: 'http://127.0.0.1@evil.example' },
    'of a browser extension': { origin: 'chrome-extension://abcdef' },
    'of a local file': { origin: 'file://' },
  };

  test.each(Object.entries(FOREIGN))('%s cannot call a mutation', async (_name, headers) => {
    await target.unharmed(async () => {
      for (const name of mutations) {
        const { status, text } = await call(name, { headers: { ...JSON_TYPE, ...headers } });
        expect({ name, status, text }).toEqual({
          name,
          status: 403,
          text: expect.stringContaining('another site'),
        });
      }
    });
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/octet-stream',
    '',
  ])('cannot call a mutation with the content type "%s", even without an origin header', async (type) => {
    await target.unharmed(async () => {
      for (const name of mutations) {
        const { status } = await call(name, { headers: type === '' ? {} : { 'content-type': type } });
        expect({ name, status }).toEqual({
          name,
          status: expect.toSatisfy((code: number) => code >= 400 && code < 500),
        });
      }
    });
  });

  test('cannot call a mutation with GET or HEAD, alone or in a batch', async () => {
    await target.unharmed(async () => {
      for (const name of mutations) {
        for (const method of ['GET', 'HEAD']) {
          const { status } = await call(name, {
            method,
            path: `/api/trpc/${name}${queryOf(name)}`,
            body: '',
            headers: {},
          });
          expect({ name, status }).toEqual({ name, status: method === 'HEAD' ? 204 : 405 });
        }
      }
      const batch = `/api/trpc/${mutations.join(',')}?batch=1`;
      const answer = await call('batch', { method: 'GET', path: batch, body: '', headers: {} });
      expect(answer.status).toBeGreaterThanOrEqual(400);
    });
  });

  test('cannot read a response: no CORS header allows it', async () => {
    const { headers } = await call('task.list', {
      method: 'GET',
      body: '',
      headers: { origin: 'https://evil.example' },
    });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});

describe('a foreign name that resolves to this machine', () => {
  const HOSTS = [
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '127.0.0.1@evil.example',
    '192.168.1.5',
    '0.0.0.0',
    '[::ffff:127.0.0.1]',
    'localhost evil.example',
  ];

  test.each(HOSTS)('"%s" is refused by every page, procedure and webhook', async (host) => {
    await target.unharmed(async () => {
      for (const path of ['/', '/tasks', '/agents', `/tasks/${own.taskId}`]) {
        const { status, text } = await send(target.app.url, { path, headers: { host } });
        expect({ path, isRefused: status === 403 || status === 400, isPage: /<html/i.test(text) }).toEqual({
          path,
          isRefused: true,
          isPage: false,
        });
      }
      for (const { name, type } of PROCEDURES) {
        const request =
          type === 'mutation'
            ? { headers: { ...JSON_TYPE, host } }
            : { method: 'GET', body: '', headers: { host }, path: `/api/trpc/${name}${queryOf(name)}` };
        const { status } = await call(name, request);
        expect({ name, isRefused: status === 403 || status === 400 }).toEqual({ name, isRefused: true });
      }
      for (const route of [
        'task/watchdog',
        'task/heartbeat-tick',
        'task/on-topic-complete',
        'agent/execute',
      ]) {
        const { status } = await send(target.app.url, {
          method: 'POST',
          path: `/api/workflows/${route}`,
          headers: { host },
          body: '{}',
        });
        expect({ route, isRefused: status === 403 || status === 400 }).toEqual({ route, isRefused: true });
      }
    });
  });

  test('is refused if the host header is empty or missing', async () => {
    for (const start of ['GET / HTTP/1.1\r\nHost:', 'GET / HTTP/1.0']) {
      const answer = await sendBytes(target.app.url, `${start}\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 40[03] /);
    }
  });

  test('is refused if it is in x-forwarded-host', async () => {
    const { host } = new URL(target.app.url);
    const { status } = await send(target.app.url, {
      path: '/',
      headers: { host, 'x-forwarded-host': 'evil.example' },
    });
    expect(status).toBe(403);
  });
});

describe('an odd input', () => {
  const list = async () => (await send(target.app.url, { path: '/api/trpc/task.list' })).text;
  const ODD = [
    '{"json":{"__proto__":{"limit":1,"query":"none"}}}',
    '{"json":{"constructor":{"prototype":{"limit":1}}}}',
    '{"json":{},"meta":{"values":{"__proto__.limit":["Date"]}}}',
    '{"json":{"a":1},"meta":{"values":{"constructor.prototype.limit":["number"]}}}',
    '{"json":{"a":{}},"meta":{"referentialEqualities":{"a":["__proto__.limit"]}}}',
    '{"json":{"a":{}},"meta":{"referentialEqualities":[["a"],{"constructor":["prototype"]}]}}',
    '{"json":[],"meta":{"values":[["class","Error"]]}}',
    '{"json":"x","meta":{"values":[["custom","Function"]]}}',
    '{"json":["a"],"meta":{"values":[["set"]]}}',
    '{"json":"(a+)+$","meta":{"values":["regexp"]}}',
    '{"json":"9".repeat(9)}',
    '{"json":"1e999999","meta":{"values":["bigint"]}}',
    '{"json":null,"meta":null}',
    '[]',
    'null',
    '"text"',
    '',
    '\u0000',
    `{"json":${deepJson(20_000)}}`,
    `{"json":{"config":${deepJson(20_000)},"id":${deepJson(20_000)},"instruction":"x","name":"x","kind":"http"}}`,
    `{"json":{"config":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)},"instruction":"x","name":"x","kind":"http"}}`,
    `{"json":{},"meta":{"values":${deepJson(20_000)}}}`,
  ];

  /** Without the envelope these are no input, which is right for an act that takes none. */
  const NO_INPUT: readonly string[] = ['[]', '"text"'];

  test.each(ODD.map((body) => [body.slice(0, 70), body]))(
    '%s is refused by every mutation, and changes nothing',
    async (_name, body) => {
      const before = await list();
      await target.unharmed(async () => {
        const takers = mutations.filter((name) => !NO_INPUT.includes(body) || inputs[name] !== undefined);
        for (const name of takers) {
          const { status, text } = await call(name, { body });
          expect({ name, status, text: text.slice(0, 200) }).toEqual({
            name,
            status: expect.toSatisfy((code: number) => code >= 400 && code < 500),
            text: expect.any(String),
          });
        }
        for (const name of PROCEDURES.filter(({ type }) => type === 'query').map((query) => query.name)) {
          const path = `/api/trpc/${name}?${new URLSearchParams({ input: body.slice(0, 5_000) })}`;
          expect((await call(name, { method: 'GET', path, body: '', headers: {} })).status).toBeLessThan(500);
        }
      });
      expect(await list()).toBe(before);
    },
  );

  test('with more calls than a batch may hold is refused as a whole', async () => {
    const names = Array.from({ length: 50 }, () => 'task.create');
    const body = JSON.stringify(
      Object.fromEntries(names.map((_name, index) => [index, { json: { instruction: 'Flood' } }])),
    );
    const answer = await target.unharmed(() =>
      call('', { path: `/api/trpc/${names.join(',')}?batch=1`, body }),
    );
    expect(answer.status).toBe(400);
  });
});
