import { createServer } from 'node:http';
import { createQStashClient, createSignatureVerifier } from '@everbeat/scheduler';
import type { Client } from '@upstash/qstash';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TestClock } from '../testClock';
import { createTestClock } from '../testClock';
import type { QStashStandIn } from './standIn';
import { startQStashStandIn } from './standIn';

interface Reply {
  status: number;
  headers?: Record<string, string>;
}

interface Received {
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  at: number;
}

const SECOND = 1_000;
let clock: TestClock;
let standIn: QStashStandIn;
let client: Client;
let target: Awaited<ReturnType<typeof startTarget>>;
let startedAt: number;

/** A destination that answers as told, then with 200. */
async function startTarget() {
  const received: Received[] = [];
  const replies: Reply[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url: path = '', headers } = request;
      received.push({ path, headers, body: Buffer.concat(chunks).toString(), at: secondsPassed() });
      const { status, headers: replyHeaders } = replies.shift() ?? { status: 200 };
      response.writeHead(status, replyHeaders).end('answer');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');
  const close = () => new Promise((resolve) => server.close(resolve));
  return { url: `http://127.0.0.1:${address.port}`, received, replies, close };
}

const secondsPassed = () => Math.round((clock.now().getTime() - startedAt) / SECOND);
const times = () => target.received.map(({ at }) => at);
const bodies = () => target.received.map(({ body }) => body);
const publish = (
  body: string,
  options: { delay?: number; deduplicationId?: string; retries?: number } = {},
) => client.publish({ url: `${target.url}/hook`, body, ...options });

beforeEach(async () => {
  clock = createTestClock('2026-03-01T12:00:30.000Z');
  startedAt = clock.now().getTime();
  standIn = await startQStashStandIn({ clock });
  clock.settleWith(() => standIn.idle());
  client = createQStashClient({ url: standIn.url, token: standIn.token });
  target = await startTarget();
});
afterEach(async () => {
  await standIn.close();
  await target.close();
});

describe('publishing', () => {
  it('delivers what was published, where it was to go, signed, with the forwarded headers', async () => {
    const url = `${target.url}/hook?a=1&b=http://x/y`;
    const { messageId } = await client.publishJSON({
      url,
      body: { hello: 'wörld' },
      headers: { 'X-Mine': 'yes' },
    });
    await standIn.flush();

    const [received] = target.received;
    expect(received).toMatchObject({
      path: '/hook?a=1&b=http://x/y',
      body: '{"hello":"wörld"}',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Upstash-QStash',
        'upstash-message-id': messageId,
        'upstash-retried': '0',
        'x-mine': 'yes',
      },
    });
    const signature = String(received?.headers['upstash-signature']);
    const verdict = await createSignatureVerifier(standIn).verify({
      signature,
      body: received?.body ?? '',
      url,
    });
    expect(verdict).toEqual({ ok: true });
    expect(standIn.messages()).toEqual([]);
    expect(standIn.deliveries()).toMatchObject([{ messageId, status: 200, answer: 'answer', error: null }]);
  });

  it('keeps a message back for its delay, or until its time', async () => {
    await publish('delayed', { delay: 90 });
    await client.publish({ url: target.url, body: 'in words', delay: '2m' });
    await client.publish({ url: target.url, body: 'timed', notBefore: startedAt / SECOND + 60, delay: 5 });
    await clock.advance(89 * SECOND);
    expect(bodies()).toEqual(['timed']);
    await clock.advance(31 * SECOND);
    expect(bodies()).toEqual(['timed', 'delayed', 'in words']);
    expect(times()).toEqual([60, 90, 120]);
  });

  it('swallows a message of the same deduplication id, until the window is over', async () => {
    const first = await publish('first', { deduplicationId: 'one' });
    const second = await publish('second', { deduplicationId: 'one' });
    expect(second).toEqual({ messageId: first.messageId, deduplicated: true });

    await clock.advance(11 * 60 * SECOND);
    await publish('third', { deduplicationId: 'one' });
    await standIn.flush();
    expect(bodies()).toEqual(['first', 'third']);
  });

  it('takes a batch, each item for itself', async () => {
    const answers = await client.batchJSON([
      { url: `${target.url}/a`, body: { n: 1 } },
      { url: 'nowhere', body: { n: 2 } },
    ]);
    expect(answers).toEqual([
      { messageId: expect.any(String), url: `${target.url}/a` },
      { error: expect.stringContaining('invalid destination') },
    ]);
    await standIn.flush();
    expect(bodies()).toEqual(['{"n":1}']);
  });

  it('records label and flow control', async () => {
    const flowControl = { key: 'agents', parallelism: 2 };
    await client.publish({ url: target.url, label: 'tick', flowControl, delay: 1 });
    expect(standIn.messages()).toMatchObject([
      { label: 'tick', flowControl: { key: 'agents', value: 'parallelism=2' } },
    ]);
  });

  it('answers with 401 to any other token, and with 400 to what cannot be read', async () => {
    const stranger = createQStashClient({ url: standIn.url, token: 'other' });
    await expect(stranger.publish({ url: target.url })).rejects.toMatchObject({ status: 401 });
    await expect(client.publish({ url: 'ftp://x' })).rejects.toMatchObject({ status: 400 });
    const post = (headers: Record<string, string>) =>
      fetch(`${standIn.url}/v2/publish/${target.url}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${standIn.token}`, ...headers },
      });
    expect((await post({ 'upstash-delay': 'soon' })).status).toBe(400);
  });
});

describe('messages', () => {
  it('can be read and canceled until they are delivered', async () => {
    const { messageId } = await publish('body', { delay: 60 });
    expect(await client.messages.get(messageId)).toMatchObject({
      messageId,
      url: `${target.url}/hook`,
      body: 'body',
    });
    expect(await client.messages.cancel(messageId)).toEqual({ cancelled: 1 });
    await expect(client.messages.get(messageId)).rejects.toMatchObject({ status: 404 });
    await expect(client.messages.delete(messageId)).rejects.toMatchObject({ status: 404 });
    await clock.advance(120 * SECOND);
    expect(target.received).toEqual([]);
  });

  it('can be canceled several at once', async () => {
    const ids = [await publish('a', { delay: 9 }), await publish('b', { delay: 9 })].map(
      ({ messageId }) => messageId,
    );
    expect(await client.messages.cancel([...ids, 'msg_gone'])).toEqual({ cancelled: 2 });
  });
});

describe('retries', () => {
  it('come after 12 s, 148 s and 1808 s, and count', async () => {
    target.replies.push({ status: 500 }, { status: 404 }, { status: 302 });
    await publish('stubborn');
    await clock.advance(3_600 * SECOND);
    expect(times()).toEqual([0, 12, 12 + 148, 12 + 148 + 1_808]);
    expect(target.received.map(({ headers }) => headers['upstash-retried'])).toEqual(['0', '1', '2', '3']);
    expect(standIn.deadLetters()).toEqual([]);
  });

  it('obey Retry-After', async () => {
    target.replies.push({ status: 503, headers: { 'retry-after': '40' } });
    await publish('patient');
    await clock.advance(60 * SECOND);
    expect(times()).toEqual([0, 40]);
  });

  it('end in the dead-letter queue and with one failure callback', async () => {
    target.replies.push({ status: 500 }, { status: 500 });
    await client.publish({
      url: `${target.url}/hook`,
      body: 'doomed',
      retries: 1,
      failureCallback: `${target.url}/failed`,
    });
    await clock.advance(60 * SECOND);

    expect(target.received.map(({ path }) => path)).toEqual(['/hook', '/hook', '/failed']);
    const { messages } = await client.dlq.listMessages();
    expect(messages).toMatchObject([{ url: `${target.url}/hook`, responseStatus: 500, body: 'doomed' }]);
    expect(JSON.parse(bodies()[2] ?? '')).toMatchObject({
      status: 500,
      body: Buffer.from('answer').toString('base64'),
      retried: 1,
      maxRetries: 1,
      dlqId: messages[0]?.dlqId,
    });
  });

  it('are spared by 489 with its mark, and only so', async () => {
    const hopeless = { status: 489, headers: { 'Upstash-NonRetryable-Error': 'true' } };
    target.replies.push(hopeless, { status: 489 });
    await publish('hopeless');
    await standIn.flush();
    await publish('unmarked');
    await clock.advance(60 * SECOND);
    expect(bodies()).toEqual(['hopeless', 'unmarked', 'unmarked']);
    expect(standIn.deadLetters()).toHaveLength(1);
  });

  it('come also when there is nobody to answer', async () => {
    await client.publish({ url: 'http://127.0.0.1:9/nobody', retries: 1 });
    await clock.advance(60 * SECOND);
    expect(standIn.deliveries()).toMatchObject([
      { status: null, error: expect.stringContaining('ECONNREFUSED') },
      { status: null, retried: 1 },
    ]);
  });
});

it('calls back after every attempt', async () => {
  target.replies.push({ status: 500 });
  await client.publish({ url: `${target.url}/hook`, callback: `${target.url}/callback` });
  await clock.advance(60 * SECOND);
  const callbacks = target.received
    .filter(({ path }) => path === '/callback')
    .map(({ body }) => JSON.parse(body));
  expect(callbacks).toMatchObject([
    { status: 500, retried: 0 },
    { status: 200, retried: 1 },
  ]);
});

describe('schedules', () => {
  it('fire by their pattern with their id, until they are deleted', async () => {
    const { scheduleId } = await client.schedules.create({
      destination: target.url,
      cron: '* * * * *',
      body: 'beat',
    });
    await clock.advance(120 * SECOND);
    expect(times()).toEqual([30, 90]);
    expect(target.received[0]?.headers['upstash-schedule-id']).toBe(scheduleId);

    await client.schedules.delete(scheduleId);
    await clock.advance(120 * SECOND);
    expect(target.received).toHaveLength(2);
    await expect(client.schedules.get(scheduleId)).rejects.toMatchObject({ status: 404 });
  });

  it('follow a zone', async () => {
    await client.schedules.create({ destination: target.url, cron: 'CRON_TZ=Asia/Kolkata 35 17 * * *' });
    await clock.advance(600 * SECOND);
    expect(times()).toEqual([4 * 60 + 30]); // 12:05 UTC
  });

  it('are replaced whole under the same id', async () => {
    const create = (cron: string) =>
      client.schedules.create({ destination: target.url, cron, scheduleId: 'mine', body: cron });
    await create('* * * * *');
    await create('5 * * * *');
    expect(await client.schedules.list()).toMatchObject([{ scheduleId: 'mine', cron: '5 * * * *' }]);
    await clock.advance(3_600 * SECOND);
    expect(bodies()).toEqual(['5 * * * *']);
  });

  it('can be paused, and fired by hand', async () => {
    await client.schedules.create({ destination: target.url, cron: '* * * * *', scheduleId: 'mine' });
    await client.schedules.pause({ schedule: 'mine' });
    await clock.advance(60 * SECOND);
    expect(target.received).toEqual([]);
    standIn.fireSchedule('mine');
    await standIn.flush();
    expect(target.received).toHaveLength(1);
  });

  it('are refused when the pattern cannot be read', async () => {
    const created = client.schedules.create({ destination: target.url, cron: 'every day' });
    await expect(created).rejects.toMatchObject({ status: 400 });
  });
});

describe('faults', () => {
  it('can lose a message', async () => {
    standIn.faults.drop({ matching: ({ body }) => body.toString() === 'lost' });
    await publish('lost');
    await publish('kept');
    await clock.advance(7_200 * SECOND);
    expect(bodies()).toEqual(['kept']);
  });

  it('can send a message twice, which is one attempt', async () => {
    target.replies.push({ status: 500 }, { status: 500 });
    standIn.faults.double();
    await publish('twice');
    await clock.advance(60 * SECOND);
    expect(times()).toEqual([0, 0, 12]);
  });

  it('can delay and reorder messages', async () => {
    standIn.faults.delay(30 * SECOND, { matching: ({ body }) => body.toString() === 'slow' });
    standIn.faults.reorder(2, { matching: ({ body }) => body.toString() !== 'slow' });
    for (const body of ['slow', 'a', 'b', 'c']) await publish(body);
    await clock.advance(60 * SECOND);
    expect(bodies()).toEqual(['b', 'a', 'c', 'slow']);
    expect(times()).toEqual([0, 0, 0, 30]);
  });

  it('can refuse a publication, break the connection, or lose the answer', async () => {
    standIn.faults.refusePublish();
    await expect(publish('refused')).rejects.toMatchObject({ status: 500 });

    standIn.faults.refusePublish({ how: 'reset', times: 3 });
    await expect(publish('reset')).rejects.toThrow('fetch failed');

    standIn.faults.refusePublish({ how: 'lose-answer', times: 3 });
    await expect(publish('taken', { deduplicationId: 'taken' })).rejects.toThrow('fetch failed');
    expect(standIn.messages().map(({ body }) => body.toString())).toEqual(['taken']);
  });
});

describe('a test in control', () => {
  it('delivers one message at a time, due or not', async () => {
    await publish('later', { delay: 60 });
    await publish('sooner', { delay: 30 });
    expect(await standIn.deliverNext()).toMatchObject({ body: 'sooner' });
    expect(await standIn.deliverNext()).toMatchObject({ body: 'later' });
    expect(await standIn.deliverNext()).toBeNull();
  });

  it('waits for what it needs to see', async () => {
    const delivered = standIn.waitForDelivery(({ body }) => body === 'seen');
    const published = standIn.waitForMessage(({ body }) => body.toString() === 'seen');
    const { messageId } = await publish('seen');
    await standIn.flush();
    expect((await published).messageId).toBe(messageId);
    expect((await delivered).status).toBe(200);
  });

  it('can keep everything from being delivered by itself', async () => {
    const silent = await startQStashStandIn({ clock, autoDeliver: false });
    const silentClient = createQStashClient({ url: silent.url, token: silent.token });
    await silentClient.publish({ url: target.url, body: 'held' });
    await clock.advance(60 * SECOND);
    expect(target.received).toEqual([]);
    await silent.flush();
    expect(bodies()).toEqual(['held']);
    await silent.close();
  });

  it('runs on real time as well', async () => {
    const live = await startQStashStandIn({ retryScale: 0 });
    const liveClient = createQStashClient({ url: live.url, token: live.token });
    target.replies.push({ status: 500 });
    await liveClient.publish({ url: target.url, body: 'now' });
    expect(await live.waitForDelivery(({ retried }) => retried === 1)).toMatchObject({ status: 200 });
    await live.close();
  });
});

it('tells its signing keys', async () => {
  const { currentSigningKey: current, nextSigningKey: next } = standIn;
  expect(await client.http.request({ method: 'GET', path: ['v2', 'keys'] })).toEqual({ current, next });
});
