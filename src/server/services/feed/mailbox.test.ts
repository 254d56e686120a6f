import type { FeedEvent } from '@everbeat/database';
import { beforeEach, expect, it } from 'vitest';
import { Mailbox } from './mailbox';

const event = (id: bigint, changes: Partial<FeedEvent['view']> = {}, userId = 'ada'): FeedEvent => ({
  tx: 1n,
  id,
  userId,
  position: { tx: 1n, id, open: [] },
  view: {
    id: String(id),
    taskId: 'harbour',
    kind: 'status',
    at: new Date(0),
    refId: null,
    fromStatus: 'scheduled',
    toStatus: 'running',
    reason: null,
    ...changes,
  },
});

let mailbox: Mailbox;
beforeEach(() => {
  mailbox = new Mailbox({ userId: 'ada', taskId: null });
});

it('is empty at first, and gives each event once, in order', () => {
  expect(mailbox.take()).toEqual([]);
  mailbox.push([event(1n), event(2n)]);
  mailbox.push([event(3n)]);
  expect(mailbox.take().map(({ id }) => id)).toEqual([1n, 2n, 3n]);
  expect(mailbox.take()).toEqual([]);
});

it('receives what is of its user, and of its task if it has one', () => {
  const ofTask = new Mailbox({ userId: 'ada', taskId: 'harbour' });
  const events = [event(1n), event(2n, { taskId: 'news' }), event(3n, {}, 'bob')];
  mailbox.push(events);
  ofTask.push(events);
  expect(mailbox.take().map(({ id }) => id)).toEqual([1n, 2n]);
  expect(ofTask.take().map(({ id }) => id)).toEqual([1n]);
});

it('keeps 500 events for a reader that is slow; of more it keeps none, and says that it is behind', () => {
  mailbox.push(Array.from({ length: 500 }, (_, index) => event(BigInt(index))));
  expect(mailbox.isBehind).toBe(false);
  mailbox.push([event(500n)]);
  expect([mailbox.isBehind, mailbox.take()]).toEqual([true, []]);
});

it('wakes its reader for what is of interest alone', async () => {
  let isAwake = false;
  const waiting = mailbox.changed().then(() => (isAwake = true));
  mailbox.push([event(1n, {}, 'bob')]);
  await Promise.resolve();
  expect(isAwake).toBe(false);
  mailbox.push([event(2n)]);
  await waiting;
});

it.each<[string, (mailbox: Mailbox) => void]>([
  ['it holds an event', (box) => box.push([event(1n)])],
  ['it is behind', (box) => Object.assign(box, { isBehind: true })],
  ['it is closed', (box) => box.close()],
])('lets nobody wait when %s', async (_what, prepare) => {
  prepare(mailbox);
  await mailbox.changed();
});

it('wakes its reader when it is closed', async () => {
  const waiting = mailbox.changed();
  mailbox.close();
  await waiting;
});
