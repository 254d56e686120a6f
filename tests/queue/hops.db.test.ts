import { WEBHOOK_PATHS } from '@everbeat/scheduler';
import { expect, test } from 'vitest';
import { queueWorldPerTest } from '../support/queueWorld';

const world = queueWorldPerTest({ env: { QSTASH_MAX_DELAY_SECONDS: '60' } });
const TICK = WEBHOOK_PATHS.heartbeatTick;

test('a due time beyond QSTASH_MAX_DELAY_SECONDS is reached in hops, and the task runs once, on time', async () => {
  const id = await world().startTask({ heartbeatInterval: 150 });
  await world().elapse(0);
  const { tickToken } = (await world().task(id)).scheduler;

  await world().elapse(150);

  const [first, ...hops] = world().delivered(TICK);
  expect(first).toMatchObject({ at: 0, answer: { ran: true } });
  expect(hops).toMatchObject([
    { at: 60, deduplicationId: `${tickToken}-1`, answer: { ran: false, reason: 'early' } },
    { at: 120, deduplicationId: `${tickToken}-2`, answer: { ran: false, reason: 'early' } },
    { at: 150, deduplicationId: `${tickToken}-3`, answer: { ran: true } },
  ]);
  expect(await world().ticks(id)).toMatchObject([
    { outcome: 'fired', publications: 1 },
    { token: tickToken, outcome: 'fired', publications: 3 },
    { outcome: null },
  ]);
  expect(world().agent.calls).toHaveLength(2);
});

test('a pause deletes the message of the latest hop', async () => {
  const id = await world().startTask({ heartbeatInterval: 150 });
  await world().elapse(70);
  const { tickMessageId } = (await world().task(id)).scheduler;
  expect(world().qstash.messages()).toMatchObject([{ messageId: tickMessageId }]);
  await world().lifecycle.pause(world().userId, id);
  expect(world().qstash.messages()).toEqual([]);
});
