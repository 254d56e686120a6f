import { LIMITS } from '@everbeat/domain';
import { WEBHOOK_PATHS, type WebhookPath } from '@everbeat/scheduler';
import { signDelivery } from '@everbeat/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createQueueWorld, type QueueWorld } from '../support/queueWorld';

let world: QueueWorld;
beforeAll(async () => {
  world = await createQueueWorld();
});
afterAll(async () => {
  try {
    await world.expectSound();
  } finally {
    await world.close();
  }
});

const ID = '0b7bb5a5-6b25-4bb5-9d5c-7a1e5b0a3f11';
const { heartbeatTick, onTopicComplete, watchdog, agentExecute, deliver } = WEBHOOK_PATHS;
/** Every signed route, with a valid body and its response when there is nothing to do. */
const ROUTES = [
  [heartbeatTick, { taskId: ID, userId: 'ada', tickToken: ID }, { ran: false, reason: 'not-found' }],
  [
    onTopicComplete,
    { taskId: ID, userId: 'ada', topicId: ID, operationId: ID, reason: 'done' },
    { settled: false, reason: 'not-found' },
  ],
  [watchdog, {}, { stuck: 0, unpublished: 0, lost: 0, orphans: 0, impossible: 0, leftovers: 0 }],
  [agentExecute, { operationId: ID }, { started: false }],
  [deliver, {}, { delivered: true }],
] as const;

describe.each(ROUTES)('%s', (path, body, idleAnswer) => {
  const post = async (text: string | ReadableStream, signature?: string) =>
    world.app.request(path, {
      method: 'POST',
      body: text,
      ...(text instanceof ReadableStream && { duplex: 'half' }),
      headers: signature === undefined ? {} : { 'Upstash-Signature': signature },
    });
  const sign = (text: string, key = world.qstash.currentSigningKey, route: WebhookPath = path) =>
    signDelivery({ url: `${world.env.APP_URL}${route}`, body: text, key });

  test('responds 200 to a call signed with either key, also when there is nothing to do', async () => {
    const text = JSON.stringify(body);
    for (const key of [world.qstash.currentSigningKey, world.qstash.nextSigningKey]) {
      const response = await post(text, sign(text, key));
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual(idleAnswer);
    }
  });

  test.each([
    ['no signature', () => undefined],
    ['a signature made with another key', (text: string) => sign(text, 'sig_of_somebody_else')],
    ['a signature over another body', (text: string) => sign(`${text} `)],
    [
      'a signature for another route',
      (text: string) =>
        sign(text, world.qstash.currentSigningKey, path === watchdog ? heartbeatTick : watchdog),
    ],
  ])('responds 401 to %s', async (_name, signatureOf) => {
    const text = JSON.stringify(body);
    const response = await post(text, signatureOf(text));
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ error: 'signature missing or not valid' });
  });

  test('responds 413 to a body over the limit, signed or not', async () => {
    const text = JSON.stringify({ ...body, padding: 'x'.repeat(LIMITS.requestBodyBytesMax) });
    expect((await post(text, sign(text))).status).toBe(413);
    expect((await post(new Blob([text]).stream())).status).toBe(413);
  });

  test.each(['no JSON', '[]', '"text"', 'null', '7'])(
    'responds 489, which QStash never retries, to %s',
    async (text) => {
      const response = await post(text, sign(text));
      expect(response.status).toBe(489);
      expect(response.headers.get('Upstash-NonRetryable-Error')).toBe('true');
      expect(await response.json()).toEqual({ error: expect.any(String) });
    },
  );

  test('supports only POST', async () => {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const headers = { 'Upstash-Signature': sign('') };
      expect((await world.app.request(path, { method, headers })).status).toBe(404);
    }
  });

  test('responds 503, which QStash retries, while the database is unavailable', async () => {
    const bringBack = await world.makeDatabaseUnavailable();
    const text = JSON.stringify(body);
    const response = await post(text, sign(text));
    await bringBack();
    expect(response.status).toBe(503);
    expect(await response.json()).toEqual({ error: 'unavailable' });
    expect(response.headers.get('Upstash-NonRetryable-Error')).toBeNull();
  });
});

describe('a body that does not match', () => {
  test.each([
    ['a tick without its token', heartbeatTick, { taskId: ID, userId: 'ada' }],
    ['a tick with a number for its task', heartbeatTick, { taskId: 7, userId: 'ada', tickToken: ID }],
    [
      'a tick with too long a token',
      heartbeatTick,
      { taskId: ID, userId: 'ada', tickToken: 'x'.repeat(201) },
    ],
    [
      'a tick with characters that cannot be stored',
      heartbeatTick,
      { taskId: ID, userId: 'ada\u0000', tickToken: ID },
    ],
    [
      'a completion without a reason',
      onTopicComplete,
      { taskId: ID, userId: 'ada', topicId: ID, operationId: ID },
    ],
    [
      'a completion with an unknown reason',
      onTopicComplete,
      { taskId: ID, userId: 'ada', topicId: ID, operationId: ID, reason: 'running' },
    ],
    ['an operation id of the wrong form', agentExecute, { operationId: 'op' }],
  ] as const)('%s: 489', async (_name, path, body) => {
    const { status, headers } = await world.call(path, body);
    expect({ status, isFinal: headers.get('Upstash-NonRetryable-Error') }).toEqual({
      status: 489,
      isFinal: 'true',
    });
  });

  test('is empty: 489, except for the watchdog, which needs no body', async () => {
    for (const path of [heartbeatTick, onTopicComplete, agentExecute]) {
      expect((await world.call(path, '')).status).toBe(489);
    }
    expect(await world.call(watchdog, '')).toMatchObject({
      status: 200,
      answer: { stuck: 0, unpublished: 0, lost: 0, orphans: 0, impossible: 0, leftovers: 0 },
    });
  });
});

test('other routes do not exist', async () => {
  for (const path of [
    '/api/workflows',
    '/api/workflows/task',
    '/api/workflows/task/other',
    '/api/workflows/agent',
  ]) {
    const signature = signDelivery({
      url: `${world.env.APP_URL}${path}`,
      body: '{}',
      key: world.qstash.currentSigningKey,
    });
    const headers = { 'Upstash-Signature': signature };
    expect((await world.app.request(path, { method: 'POST', body: '{}', headers })).status).toBe(404);
  }
});

describe('on-topic-complete', () => {
  let ids: { taskId: string; userId: string; topicId: string; operationId: string };
  /** A run that continues elsewhere, so that this process does not settle it. */
  beforeEach(async () => {
    const { id } = await world.createTask();
    world.agent.next({ kind: 'accepted', timeoutSeconds: 600 });
    const { topicId, operationId } = await world.runner.run(world.userId, { taskId: id });
    await world.elapse(0);
    ids = { taskId: id, userId: world.userId, topicId, operationId };
  });
  const report = (change: object = {}) =>
    world.call(onTopicComplete, { ...ids, reason: 'done', lastAssistantContent: 'Three ships', ...change });

  test('settles the operation, with its content, and arms the next tick', async () => {
    expect(await report()).toMatchObject({ status: 200, answer: { settled: true } });
    expect(await world.task(ids.taskId)).toMatchObject({
      status: 'scheduled',
      scheduler: { tickToken: expect.any(String), tickMessageId: expect.any(String) },
    });
    const { topics } = await world.reads.taskDetail(world.userId, ids.taskId);
    expect(topics).toMatchObject([{ title: 'Three ships', status: 'done' }]);
    const transcript = await world.reads.transcript(world.userId, ids.topicId, {});
    expect(transcript.items.at(-1)).toMatchObject({ role: 'assistant', content: 'Three ships' });
  });

  test('changes nothing when reported a second time, whatever the reason', async () => {
    await report();
    const before = await world.task(ids.taskId);
    for (const reason of ['done', 'error', 'timeout', 'interrupted']) {
      expect((await report({ reason })).answer).toEqual({ settled: false, reason: 'already-settled' });
    }
    expect(await world.task(ids.taskId)).toEqual(before);
  });

  test('settles once when reported twice at the same time', async () => {
    const failure = { reason: 'error', errorCode: 'fog', errorMessage: 'Nothing to see' };
    const answers = (await Promise.all([report(failure), report(failure)])).map(({ answer }) => answer);
    expect(answers).toEqual(
      expect.arrayContaining([{ settled: true }, { settled: false, reason: 'already-settled' }]),
    );
    expect(await world.briefs(ids.taskId)).toMatchObject([{ type: 'error', occurrences: 1 }]);
  });

  test.each([
    ['error', 'scheduled'],
    ['timeout', 'scheduled'],
    ['interrupted', 'paused'],
  ])('with the reason %s leaves the task %s', async (reason, status) => {
    const errorMessage = reason === 'interrupted' ? null : 'Nothing to see';
    expect((await report({ reason, errorMessage, lastAssistantContent: null })).answer).toEqual({
      settled: true,
    });
    expect(await world.task(ids.taskId)).toMatchObject({ status, error: errorMessage });
    const [operation] = await world.query<{ status: string }>(
      'select status from everbeat.operations where id = $1',
      [ids.operationId],
    );
    expect(operation?.status).toBe(reason);
  });

  test.each([
    ["another user's id", { userId: 'eve' }],
    ['a task that is not the operation’s', { taskId: ID }],
    ['a topic that is not the operation’s', { topicId: ID }],
    ['an unknown operation', { operationId: ID }],
    ['ids of the wrong form', { taskId: 'T-1', topicId: 'first', operationId: 'op' }],
  ])('with %s settles nothing', async (_name, change) => {
    expect(await report(change)).toMatchObject({
      status: 200,
      answer: { settled: false, reason: 'not-found' },
    });
    expect((await world.task(ids.taskId)).status).toBe('running');
  });
});
