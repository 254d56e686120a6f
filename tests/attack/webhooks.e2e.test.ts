import { LIMITS } from '@everbeat/domain';
import { WEBHOOK_PATHS, type WebhookPath } from '@everbeat/scheduler';
import {
  type FakeHttpAgent,
  type FakeQStash,
  signDelivery,
  startFakeHttpAgent,
  startFakeQStash,
} from '@everbeat/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOCAL_USER_ID } from '@/server/services/system/localUser';
import { FORGERIES } from './forgeries';
import { startTarget, type Target } from './target';
import { flood, postJson, send, sendSlowly, type WireAnswer } from './wire';

/** The webhooks of the running application in queue mode, called without QStash's keys and with them. */

let qstash: FakeQStash;
let agent: FakeHttpAgent;
let target: Target;
/** A body for each route that would change something if it were accepted. */
let effectiveBodies: Record<WebhookPath, object>;
let slowConnections: Promise<{ answer: string; heldMs: number }>[];

beforeAll(async () => {
  // Only the tests deliver what is published.
  [qstash, agent] = await Promise.all([startFakeQStash({ autoDeliver: false }), startFakeHttpAgent()]);
  target = await startTarget((url) => ({
    AGENT_RUNTIME_MODE: 'queue',
    ALLOW_PRIVATE_AGENT_URLS: '1',
    APP_URL: url,
    QSTASH_URL: qstash.url,
    QSTASH_TOKEN: qstash.token,
    QSTASH_CURRENT_SIGNING_KEY: qstash.currentSigningKey,
    QSTASH_NEXT_SIGNING_KEY: qstash.nextSigningKey,
  }));
  const { url } = target.app;
  const { host } = new URL(url);
  // These take the longest, so they begin first. The last test checks how they end.
  slowConnections = [
    sendSlowly(url, `POST ${WEBHOOK_PATHS.watchdog} HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `),
    sendSlowly(
      url,
      `POST ${WEBHOOK_PATHS.watchdog} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 900000\r\n\r\n`,
    ),
    sendSlowly(
      url,
      `POST /api/trpc/task.create HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n\r\n`,
    ),
  ];
  effectiveBodies = await prepareEffectiveBodies();
});

afterAll(async () => {
  await target?.close();
  await agent?.close();
  await qstash?.close();
});

async function prepareEffectiveBodies(): Promise<Record<WebhookPath, object>> {
  const { trpc } = target.app;
  const { id: agentId } = await trpc.agent.create.mutate({
    name: 'A',
    kind: 'http',
    config: { url: agent.url },
  });
  const create = () =>
    trpc.task.create.mutate({
      instruction: 'Count',
      agentId,
      automationMode: 'heartbeat',
      heartbeatInterval: 3_600,
    });

  const due = await create();
  const { context } = await trpc.task.start.mutate({ id: due.id });
  const run = await trpc.task.run.mutate({ id: (await create()).id });
  const working = await trpc.task.run.mutate({ id: (await create()).id });
  agent.next({ status: 202 });
  await deliver(WEBHOOK_PATHS.agentExecute, { operationId: working.operationId });
  return {
    [WEBHOOK_PATHS.heartbeatTick]: {
      taskId: due.id,
      userId: LOCAL_USER_ID,
      tickToken: context.scheduler.tickToken,
    },
    [WEBHOOK_PATHS.onTopicComplete]: {
      taskId: working.taskId,
      userId: LOCAL_USER_ID,
      topicId: working.topicId,
      operationId: working.operationId,
      reason: 'done',
    },
    [WEBHOOK_PATHS.agentExecute]: { operationId: run.operationId },
    [WEBHOOK_PATHS.deliver]: { note: 'deliver' },
    [WEBHOOK_PATHS.watchdog]: { note: 'sweep' },
  };
}

/** Delivers a body as QStash does, signed with the given key. */
function deliver(
  path: WebhookPath,
  body: object | string,
  key = qstash.currentSigningKey,
): Promise<WireAnswer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const signature = signDelivery({ url: `${target.app.url}${path}`, body: text, key });
  return postJson(target.app.url, path, text, { 'upstash-signature': signature });
}

/** Of these the signature alone counts: they look for what is due. */
const NEED_NO_FIELDS: readonly WebhookPath[] = [WEBHOOK_PATHS.watchdog, WEBHOOK_PATHS.deliver];
const ROUTES = Object.values(WEBHOOK_PATHS);

describe('a delivery with', () => {
  test.each(Object.entries(FORGERIES))(
    '%s is answered with 401 by every route, and changes nothing',
    async (_name, forge) => {
      await target.unharmed(async () => {
        for (const path of ROUTES) {
          const text = JSON.stringify(effectiveBodies[path]);
          const {
            signature,
            body,
            search = '',
            headers,
          } = forge({
            url: `${target.app.url}${path}`,
            body: text,
            key: qstash.currentSigningKey,
          });
          const answer = await postJson(target.app.url, `${path}${search}`, body ?? text, {
            ...headers,
            ...(signature === undefined ? {} : { 'upstash-signature': signature }),
          });
          expect({ path, status: answer.status, text: answer.text }).toEqual({
            path,
            status: 401,
            text: '{"error":"signature missing or not valid"}',
          });
        }
      });
    },
  );

  test('a signature for the foreign host that the request names is answered with 401', async () => {
    await target.unharmed(async () => {
      const path = WEBHOOK_PATHS.heartbeatTick;
      const text = JSON.stringify(effectiveBodies[path]);
      const signature = signDelivery({
        url: `http://evil.example${path}`,
        body: text,
        key: qstash.currentSigningKey,
      });
      const answer = await postJson(target.app.url, path, text, {
        host: 'evil.example',
        'x-forwarded-host': 'evil.example',
        'upstash-signature': signature,
      });
      expect(answer.status).toBe(401);
    });
  });
});

describe('a signed body that is hostile', () => {
  const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

  test('because it is too large, with or without a content length, is answered with 413', async () => {
    await target.unharmed(async () => {
      for (const path of ROUTES) {
        const answer = await deliver(path, `{"padding":"${'x'.repeat(LIMITS.requestBodyBytesMax)}"}`);
        expect(answer.status).toBe(413);
      }
      for (const [path, refusal] of [
        [WEBHOOK_PATHS.heartbeatTick, 413],
        // Its secret is checked first, and this address carries none.
        ['/api/workflows/agent/callback', 404],
        ['/api/trpc/task.create', 413],
      ] as const) {
        const { status, sentBytes } = await flood(target.app.url, path);
        expect({ path, status }).toEqual({ path, status: refusal });
        // The bytes over the limit are in the buffers of the sockets, or discarded until the answer has been
        // read.
        expect(sentBytes).toBeLessThan(100 * LIMITS.requestBodyBytesMax);
      }
    });
  });

  test.each([
    ['because it is nested deeply', deep(400_000)],
    [
      'because its fields are nested deeply',
      JSON.stringify({ taskId: 'DEEP', userId: 'DEEP', operationId: 'DEEP' }),
    ],
    [
      'because it sets a prototype',
      '{"__proto__":{"taskId":"x","userId":"x","tickToken":"x","operationId":"x"}}',
    ],
    ['because it sets a constructor', '{"constructor":{"prototype":{"taskId":"x"}},"toString":1}'],
    ['because it repeats its keys', '{"taskId":"a","taskId":{"b":1}}'],
    ['because it is a number too large', '1e999'],
    ['because it has another encoding', Buffer.from('{"taskId":"x"}', 'utf16le').toString('latin1')],
  ])('%s is answered with 489', async (_name, body) => {
    const text = body.replaceAll('"DEEP"', deep(100_000));
    await target.unharmed(async () => {
      for (const path of ROUTES.filter((route) => !NEED_NO_FIELDS.includes(route))) {
        const answer = await deliver(path, text);
        expect({ path, status: answer.status }).toEqual({ path, status: 489 });
        expect(answer.headers['upstash-nonretryable-error']).toBe('true');
      }
    });
  });

  test('changes no prototype in the server: a later query is answered as before', async () => {
    const list = async () => (await send(target.app.url, { path: '/api/trpc/task.list' })).text;
    const before = await list();
    await deliver(
      WEBHOOK_PATHS.watchdog,
      '{"__proto__":{"limit":1,"statuses":[]},"constructor":{"prototype":{"limit":1}}}',
    );
    await deliver(WEBHOOK_PATHS.onTopicComplete, {
      ...effectiveBodies[WEBHOOK_PATHS.onTopicComplete],
      operationId: UNKNOWN_ID,
      report: { memory: JSON.parse('{"__proto__":{"limit":1}}') },
    });
    const plain = (answer: string) => answer.replace(/"tickMessageId":"[^"]*"/g, '');
    expect(plain(await list())).toBe(plain(before));
  });
});

const UNKNOWN_ID = '0b7bb5a5-6b25-4bb5-9d5c-7a1e5b0a3f11';

describe('a genuine delivery', () => {
  test('is accepted with the current key and with the next one, so that keys can be rotated', async () => {
    for (const key of [qstash.currentSigningKey, qstash.nextSigningKey]) {
      const answer = await deliver(WEBHOOK_PATHS.agentExecute, { operationId: UNKNOWN_ID }, key);
      expect({ status: answer.status, text: answer.text }).toEqual({
        status: 200,
        text: '{"started":false}',
      });
    }
  });

  test('that is replayed unchanged is answered with 200 and changes nothing', async () => {
    agent.default({ body: { content: 'Counted' } });
    const calls = agent.calls.length;
    const firsts = [
      WEBHOOK_PATHS.heartbeatTick,
      WEBHOOK_PATHS.agentExecute,
      WEBHOOK_PATHS.onTopicComplete,
    ] as const;
    for (const path of firsts) {
      const text = JSON.stringify(effectiveBodies[path]);
      const signature = signDelivery({
        url: `${target.app.url}${path}`,
        body: text,
        key: qstash.currentSigningKey,
      });
      const replay = () => postJson(target.app.url, path, text, { 'upstash-signature': signature });
      const first = JSON.parse((await replay()).text);
      expect(first.ran ?? first.started ?? first.settled).toBe(true);
      await target.unharmed(async () => {
        for (let times = 0; times < 3; times += 1) {
          const { status, text: again } = await replay();
          const answer = JSON.parse(again);
          expect({ path, status, did: answer.ran ?? answer.started ?? answer.settled }).toEqual({
            path,
            status: 200,
            did: false,
          });
        }
      });
    }
    expect(agent.calls.length).toBe(calls + 2);
  });
});

test('a slow connection is ended: within 20 s while it sends headers, within 35 s while it sends a body', async () => {
  const [headers, ...bodies] = await Promise.all(slowConnections);
  expect(headers?.heldMs).toBeLessThan(20_000);
  for (const { heldMs } of bodies) expect(heldMs).toBeLessThan(35_000);
  for (const { answer } of [headers, ...bodies].flatMap((held) => held ?? []))
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
});
