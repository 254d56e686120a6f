import { createQStashClient, createSignatureVerifier } from '@everbeat/scheduler';
import { Receiver } from '@upstash/qstash';
import { describe, expect, it } from 'vitest';
import { useFakeQStashWorld } from '../../test/fakeQStashWorld';
import { type FakeQStash, startFakeQStash } from './fakeQStash';

const SECOND = 1_000;
const world = useFakeQStashWorld();

const keysOf = ({ currentSigningKey, nextSigningKey }: FakeQStash) => ({
  currentSigningKey,
  nextSigningKey,
});

describe('publishing', () => {
  it('delivers a message to its destination, signed, with the forwarded headers', async () => {
    const { qstash, client, target } = world();
    const url = `${target.url}/hook?a=1&b=http://x/y`;
    const { messageId } = await client.publishJSON({
      url,
      body: { hello: 'wörld' },
      headers: { 'X-Mine': 'yes' },
    });
    await qstash.flush();

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
    const verdict = await createSignatureVerifier(qstash).verify({
      signature,
      body: received?.body ?? '',
      url,
    });
    expect(verdict).toEqual({ ok: true });
    // The SDK's own receiver accepts it too, so the fake signs as QStash does.
    const receiver = new Receiver({ ...keysOf(qstash), devMode: false });
    expect(await receiver.verify({ signature, body: received?.body ?? '', url })).toBe(true);
    expect(qstash.messages()).toEqual([]);
    expect(qstash.deliveries()).toMatchObject([{ messageId, status: 200, answer: 'answer', error: null }]);
  });

  it('delivers a message after its delay, or at its time', async () => {
    const { clock, client, target, publish, times, bodies } = world();
    await publish('delayed', { delay: 90 });
    await client.publish({ url: target.url, body: 'in words', delay: '2m' });
    await client.publish({
      url: target.url,
      body: 'timed',
      notBefore: clock.now().getTime() / SECOND + 60,
      delay: 5,
    });
    await clock.advance(89 * SECOND);
    expect(bodies()).toEqual(['timed']);
    await clock.advance(31 * SECOND);
    expect(bodies()).toEqual(['timed', 'delayed', 'in words']);
    expect(times()).toEqual([60, 90, 120]);
  });

  it('ignores a message with the same deduplication id within the window', async () => {
    const { clock, qstash, publish, bodies } = world();
    const first = await publish('first', { deduplicationId: 'one' });
    const second = await publish('second', { deduplicationId: 'one' });
    expect(second).toEqual({ messageId: first.messageId, deduplicated: true });

    await clock.advance(11 * 60 * SECOND);
    await publish('third', { deduplicationId: 'one' });
    await qstash.flush();
    expect(bodies()).toEqual(['first', 'third']);
  });

  it('accepts the items of a batch independently', async () => {
    const { qstash, client, target, bodies } = world();
    const answers = await client.batchJSON([
      { url: `${target.url}/a`, body: { n: 1 } },
      { url: 'nowhere', body: { n: 2 } },
    ]);
    expect(answers).toEqual([
      { messageId: expect.any(String), url: `${target.url}/a` },
      { error: expect.stringContaining('invalid destination') },
    ]);
    await qstash.flush();
    expect(bodies()).toEqual(['{"n":1}']);
  });

  it('records label and flow control', async () => {
    const { qstash, client, target } = world();
    const flowControl = { key: 'agents', parallelism: 2 };
    await client.publish({ url: target.url, label: 'tick', flowControl, delay: 1 });
    expect(qstash.messages()).toMatchObject([
      { label: 'tick', flowControl: { key: 'agents', value: 'parallelism=2' } },
    ]);
  });

  it('responds with 401 to another token, and with 400 to an invalid request', async () => {
    const { qstash, client, target } = world();
    const otherClient = createQStashClient({ url: qstash.url, token: 'other' });
    await expect(otherClient.publish({ url: target.url })).rejects.toMatchObject({ status: 401 });
    await expect(client.publish({ url: 'ftp://x' })).rejects.toMatchObject({ status: 400 });
    const post = (headers: Record<string, string>) =>
      fetch(`${qstash.url}/v2/publish/${target.url}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${qstash.token}`, ...headers },
      });
    expect((await post({ 'upstash-delay': 'soon' })).status).toBe(400);
  });
});

describe('messages', () => {
  it('can be read and canceled until they are delivered', async () => {
    const { clock, client, target, publish } = world();
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

  it('can be canceled in one request', async () => {
    const { client, publish } = world();
    const ids = [await publish('a', { delay: 9 }), await publish('b', { delay: 9 })].map(
      ({ messageId }) => messageId,
    );
    expect(await client.messages.cancel([...ids, 'msg_gone'])).toEqual({ cancelled: 2 });
  });
});

describe('control by a test', () => {
  it('delivers one message at a time, due or not', async () => {
    const { qstash, publish } = world();
    await publish('later', { delay: 60 });
    await publish('sooner', { delay: 30 });
    expect(await qstash.deliverNext()).toMatchObject({ body: 'sooner' });
    expect(await qstash.deliverNext()).toMatchObject({ body: 'later' });
    expect(await qstash.deliverNext()).toBeNull();
  });

  it('can wait for a message and for a delivery', async () => {
    const { qstash, publish } = world();
    const delivered = qstash.waitForDelivery(({ body }) => body === 'seen');
    const published = qstash.waitForMessage(({ body }) => body.toString() === 'seen');
    const { messageId } = await publish('seen');
    await qstash.flush();
    expect((await published).messageId).toBe(messageId);
    expect((await delivered).status).toBe(200);
  });

  it('can turn off automatic delivery', async () => {
    const { clock, target, bodies } = world();
    const silent = await startFakeQStash({ clock, autoDeliver: false });
    const silentClient = createQStashClient({ url: silent.url, token: silent.token });
    await silentClient.publish({ url: target.url, body: 'held' });
    await clock.advance(60 * SECOND);
    expect(target.received).toEqual([]);
    await silent.flush();
    expect(bodies()).toEqual(['held']);
    await silent.close();
  });

  it('also runs in real time', async () => {
    const { target } = world();
    const live = await startFakeQStash({ retryScale: 0 });
    const liveClient = createQStashClient({ url: live.url, token: live.token });
    target.replies.push({ status: 500 });
    await liveClient.publish({ url: target.url, body: 'now' });
    expect(await live.waitForDelivery(({ retried }) => retried === 1)).toMatchObject({ status: 200 });
    await live.close();
  });
});

it('returns its signing keys', async () => {
  const { qstash, client } = world();
  const { currentSigningKey: current, nextSigningKey: next } = qstash;
  expect(await client.http.request({ method: 'GET', path: ['v2', 'keys'] })).toEqual({ current, next });
});
