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
import { dawdle, flood, postJson, send, type WireAnswer } from './wire';

/** The webhooks of the running application in queue mode, by whoever does not hold QStash's keys, and by whoever does. */

let qstash: FakeQStash;
let agent: FakeHttpAgent;
let target: Target;
/** Each route with a body that would do something if it were believed. */
let armed: Record<WebhookPath, object>;
let dawdlers: Promise<{ answer: string; heldMs: number }>[];

beforeAll(async () => {
  // What it publishes is delivered by the tests alone.
  [qstash, agent] = await Promise.all([startFakeQStash({ autoDeliver: false }), startFakeHttpAgent()]);
  target = await startTarget((url) => ({
    AGENT_RUNTIME_MODE: 'queue',
    APP_URL: url,
    QSTASH_URL: qstash.url,
    QSTASH_TOKEN: qstash.token,
    QSTASH_CURRENT_SIGNING_KEY: qstash.currentSigningKey,
    QSTASH_NEXT_SIGNING_KEY: qstash.nextSigningKey,
  }));
  const { url } = target.app;
  const { host } = new URL(url);
  // They take longest, so they begin first; the last test looks at what became of them.
  dawdlers = [
    dawdle(url, `POST ${WEBHOOK_PATHS.watchdog} HTTP/1.1\r\nHost: ${host}\r\nX-Slow: `),
    dawdle(url, `POST ${WEBHOOK_PATHS.watchdog} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 900000\r\n\r\n`),
    dawdle(
      url,
      `POST /api/trpc/task.create HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n\r\n`,
    ),
  ];
  armed = await armEveryRoute();
});

afterAll(async () => {
  await target?.close();
  await agent?.close();
  await qstash?.close();
});

async function armEveryRoute(): Promise<Record<WebhookPath, object>> {
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
    [WEBHOOK_PATHS.watchdog]: { note: 'sweep' },
  };
}

/** As QStash delivers: signed with the given key over exactly this body. */
function deliver(
  path: WebhookPath,
  body: object | string,
  key = qstash.currentSigningKey,
): Promise<WireAnswer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const signature = signDelivery({ url: `${target.app.url}${path}`, body: text, key });
  return postJson(target.app.url, path, text, { 'upstash-signature': signature });
}

const ROUTES = Object.values(WEBHOOK_PATHS);

describe('a delivery with', () => {
  test.each(Object.entries(FORGERIES))(
    '%s is answered 401 by every route, and does nothing',
    async (_name, forge) => {
      await target.unharmed(async () => {
        for (const path of ROUTES) {
          const text = JSON.stringify(armed[path]);
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

  test('a foreign Host is held against the configured address, not against that Host', async () => {
    await target.unharmed(async () => {
      const path = WEBHOOK_PATHS.heartbeatTick;
      const text = JSON.stringify(armed[path]);
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

describe('a signed body of another kind', () => {
  const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

  test('too large by its own account, or without an account, is cut off: 413', async () => {
    await target.unharmed(async () => {
      for (const path of ROUTES) {
        const answer = await deliver(path, `{"padding":"${'x'.repeat(LIMITS.requestBodyBytesMax)}"}`);
        expect(answer.status).toBe(413);
      }
      for (const path of [
        WEBHOOK_PATHS.heartbeatTick,
        '/api/workflows/agent/callback',
        '/api/trpc/task.create',
      ]) {
        const { status, sentBytes } = await flood(target.app.url, path);
        expect({ path, status }).toEqual({ path, status: 413 });
        // What is over the cap is in the buffers of the sockets, or thrown away until the answer has been read.
        expect(sentBytes).toBeLessThan(100 * LIMITS.requestBodyBytesMax);
      }
    });
  });

  test.each([
    ['nested as deep as it can be', deep(400_000)],
    ['nested in each of its fields', JSON.stringify({ taskId: 'DEEP', userId: 'DEEP', operationId: 'DEEP' })],
    [
      'with a prototype of its own',
      '{"__proto__":{"taskId":"x","userId":"x","tickToken":"x","operationId":"x"}}',
    ],
    ['with a constructor of its own', '{"constructor":{"prototype":{"taskId":"x"}},"toString":1}'],
    ['that repeats its keys', '{"taskId":"a","taskId":{"b":1}}'],
    ['that is a number too large', '1e999'],
    ['in another encoding', Buffer.from('{"taskId":"x"}', 'utf16le').toString('latin1')],
  ])('%s is given up at once: 489', async (_name, body) => {
    const text = body.replaceAll('"DEEP"', deep(100_000));
    await target.unharmed(async () => {
      for (const path of ROUTES.filter((route) => route !== WEBHOOK_PATHS.watchdog)) {
        const answer = await deliver(path, text);
        expect({ path, status: answer.status }).toEqual({ path, status: 489 });
        expect(answer.headers['upstash-nonretryable-error']).toBe('true');
      }
    });
  });

  test('changes no prototype of the server: what follows is answered as before', async () => {
    const list = async () => (await send(target.app.url, { path: '/api/trpc/task.list' })).text;
    const before = await list();
    await deliver(
      WEBHOOK_PATHS.watchdog,
      '{"__proto__":{"limit":1,"statuses":[]},"constructor":{"prototype":{"limit":1}}}',
    );
    await deliver(WEBHOOK_PATHS.onTopicComplete, {
      ...armed[WEBHOOK_PATHS.onTopicComplete],
      operationId: NOBODY,
      report: { memory: JSON.parse('{"__proto__":{"limit":1}}') },
    });
    const plain = (answer: string) => answer.replace(/"tickMessageId":"[^"]*"/g, '');
    expect(plain(await list())).toBe(plain(before));
  });
});

const NOBODY = '0b7bb5a5-6b25-4bb5-9d5c-7a1e5b0a3f11';

describe('an honest delivery', () => {
  test('is heard with the current key and with the next one, so that the keys can be rotated', async () => {
    for (const key of [qstash.currentSigningKey, qstash.nextSigningKey]) {
      const answer = await deliver(WEBHOOK_PATHS.agentExecute, { operationId: NOBODY }, key);
      expect({ status: answer.status, text: answer.text }).toEqual({
        status: 200,
        text: '{"started":false}',
      });
    }
  });

  test('that is replayed to the letter is a skip, and changes nothing', async () => {
    agent.default({ body: { content: 'Counted' } });
    const calls = agent.calls.length;
    const firsts = [
      WEBHOOK_PATHS.heartbeatTick,
      WEBHOOK_PATHS.agentExecute,
      WEBHOOK_PATHS.onTopicComplete,
    ] as const;
    for (const path of firsts) {
      const text = JSON.stringify(armed[path]);
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

test('a connection that dawdles is ended, in its headers within 20 s and in its body within 35 s', async () => {
  const [headers, ...bodies] = await Promise.all(dawdlers);
  expect(headers?.heldMs).toBeLessThan(20_000);
  for (const { heldMs } of bodies) expect(heldMs).toBeLessThan(35_000);
  for (const { answer } of [headers, ...bodies].flatMap((held) => held ?? []))
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
});
