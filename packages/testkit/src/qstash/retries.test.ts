import { describe, expect, it } from 'vitest';
import { useFakeQStashWorld } from '../../test/fakeQStashWorld';

const SECOND = 1_000;
const world = useFakeQStashWorld();

describe('retries', () => {
  it('are made after 12 s, 148 s and 1808 s, and counted', async () => {
    const { clock, qstash, target, publish, times } = world();
    target.replies.push({ status: 500 }, { status: 404 }, { status: 302 });
    await publish('stubborn');
    await clock.advance(3_600 * SECOND);
    expect(times()).toEqual([0, 12, 12 + 148, 12 + 148 + 1_808]);
    expect(target.received.map(({ headers }) => headers['upstash-retried'])).toEqual(['0', '1', '2', '3']);
    expect(qstash.deadLetters()).toEqual([]);
  });

  it('obey Retry-After', async () => {
    const { clock, target, publish, times } = world();
    target.replies.push({ status: 503, headers: { 'retry-after': '40' } });
    await publish('patient');
    await clock.advance(60 * SECOND);
    expect(times()).toEqual([0, 40]);
  });

  it('end in the dead-letter queue and with one failure callback', async () => {
    const { clock, client, target, bodies } = world();
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

  it('are not made after status 489 with its header', async () => {
    const { clock, qstash, target, publish, bodies } = world();
    const nonRetryable = { status: 489, headers: { 'Upstash-NonRetryable-Error': 'true' } };
    target.replies.push(nonRetryable, { status: 489 });
    await publish('marked');
    await qstash.flush();
    await publish('unmarked');
    await clock.advance(60 * SECOND);
    expect(bodies()).toEqual(['marked', 'unmarked', 'unmarked']);
    expect(qstash.deadLetters()).toHaveLength(1);
  });

  it('are also made when nothing listens at the destination', async () => {
    const { clock, qstash, client } = world();
    await client.publish({ url: 'http://127.0.0.1:9/nobody', retries: 1 });
    await clock.advance(60 * SECOND);
    expect(qstash.deliveries()).toMatchObject([
      { status: null, error: expect.stringContaining('ECONNREFUSED') },
      { status: null, retried: 1 },
    ]);
  });
});

it('calls back after every attempt', async () => {
  const { clock, client, target } = world();
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
