import { describe, expect, it } from 'vitest';
import { useStandInWorld } from '../../test/standInWorld';

const SECOND = 1_000;
const world = useStandInWorld();

describe('faults', () => {
  it('can lose a message', async () => {
    const { clock, standIn, publish, bodies } = world();
    standIn.faults.drop({ matching: ({ body }) => body.toString() === 'lost' });
    await publish('lost');
    await publish('kept');
    await clock.advance(7_200 * SECOND);
    expect(bodies()).toEqual(['kept']);
  });

  it('can send a message twice, which is one attempt', async () => {
    const { clock, standIn, target, publish, times } = world();
    target.replies.push({ status: 500 }, { status: 500 });
    standIn.faults.double();
    await publish('twice');
    await clock.advance(60 * SECOND);
    expect(times()).toEqual([0, 0, 12]);
    expect(target.received.map(({ headers }) => headers['upstash-retried'])).toEqual(['0', '0', '1']);
  });

  it('can delay and reorder messages', async () => {
    const { clock, standIn, publish, times, bodies } = world();
    standIn.faults.delay(30 * SECOND, { matching: ({ body }) => body.toString() === 'slow' });
    standIn.faults.reorder(2, { matching: ({ body }) => body.toString() !== 'slow' });
    for (const body of ['slow', 'a', 'b', 'c']) await publish(body);
    await clock.advance(60 * SECOND);
    expect(bodies()).toEqual(['b', 'a', 'c', 'slow']);
    expect(times()).toEqual([0, 0, 0, 30]);
  });

  it('can refuse a publication, break the connection, or lose the answer', async () => {
    const { standIn, publish } = world();
    standIn.faults.refusePublish();
    await expect(publish('refused')).rejects.toMatchObject({ status: 500 });

    standIn.faults.refusePublish({ how: 'reset', times: 3 });
    await expect(publish('reset')).rejects.toThrow('fetch failed');

    standIn.faults.refusePublish({ how: 'lose-answer', times: 3 });
    await expect(publish('taken', { deduplicationId: 'taken' })).rejects.toThrow('fetch failed');
    expect(standIn.messages().map(({ body }) => body.toString())).toEqual(['taken']);
  });
});
