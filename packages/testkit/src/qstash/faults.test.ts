import { describe, expect, it } from 'vitest';
import { useFakeQStashWorld } from '../../test/fakeQStashWorld';

const SECOND = 1_000;
const world = useFakeQStashWorld();

describe('faults', () => {
  it('can lose a message', async () => {
    const { clock, qstash, publish, bodies } = world();
    qstash.faults.drop({ matching: ({ body }) => body.toString() === 'lost' });
    await publish('lost');
    await publish('kept');
    await clock.advance(7_200 * SECOND);
    expect(bodies()).toEqual(['kept']);
  });

  it('can deliver a message twice, which counts as one attempt', async () => {
    const { clock, qstash, target, publish, times } = world();
    target.replies.push({ status: 500 }, { status: 500 });
    qstash.faults.double();
    await publish('twice');
    await clock.advance(60 * SECOND);
    expect(times()).toEqual([0, 0, 12]);
    expect(target.received.map(({ headers }) => headers['upstash-retried'])).toEqual(['0', '0', '1']);
  });

  it('can delay and reorder messages', async () => {
    const { clock, qstash, publish, times, bodies } = world();
    qstash.faults.delay(30 * SECOND, { matching: ({ body }) => body.toString() === 'slow' });
    qstash.faults.reorder(2, { matching: ({ body }) => body.toString() !== 'slow' });
    for (const body of ['slow', 'a', 'b', 'c']) await publish(body);
    await clock.advance(60 * SECOND);
    expect(bodies()).toEqual(['b', 'a', 'c', 'slow']);
    expect(times()).toEqual([0, 0, 0, 30]);
  });

  it('can refuse a publication, break the connection, or lose the response', async () => {
    const { qstash, publish } = world();
    qstash.faults.refusePublish();
    await expect(publish('refused')).rejects.toMatchObject({ status: 500 });

    qstash.faults.refusePublish({ how: 'reset', times: 3 });
    await expect(publish('reset')).rejects.toThrow('fetch failed');

    qstash.faults.refusePublish({ how: 'lose-answer', times: 3 });
    await expect(publish('taken', { deduplicationId: 'taken' })).rejects.toThrow('fetch failed');
    expect(qstash.messages().map(({ body }) => body.toString())).toEqual(['taken']);
  });
});
