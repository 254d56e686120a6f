import { createQStashClient, WEBHOOK_PATHS } from '@everbeat/scheduler';
import { describe, expect, test } from 'vitest';
import { queueWorldPerTest } from '../support/queueWorld';

const world = queueWorldPerTest();
const TICK = WEBHOOK_PATHS.heartbeatTick;
const RAN = { ran: true, topicId: expect.any(String), operationId: expect.any(String) };

describe('the cycle through QStash', () => {
  test('publish, wait, signed tick, run, settle, publish: one message each time round', async () => {
    const id = await world().startTask({ heartbeatInterval: 60 });
    const tokens: string[] = [];
    for (let run = 1; run <= 4; run += 1) {
      const { tickToken, tickMessageId } = (await world().task(id)).scheduler;
      const [message, ...others] = world().qstash.messages();
      expect(others).toEqual([]);
      expect(message).toMatchObject({ messageId: tickMessageId, deduplicationId: `${tickToken}-1` });
      tokens.push(`${tickToken}-1`);

      await world().elapse(run === 1 ? 0 : 60);

      expect(await world().task(id)).toMatchObject({ status: 'scheduled', totalTopics: run });
      expect(world().published(TICK)).toHaveLength(run + 1);
    }
    expect(world().delivered(TICK)).toMatchObject(
      [0, 60, 120, 180].map((at, index) => ({
        ...{ at, status: 200, retried: 0, answer: RAN },
        deduplicationId: tokens[index],
      })),
    );
    expect(world().agent.calls).toHaveLength(4);
    expect(world().complaints).toEqual([]);
  });

  test('the message says no more than which tick of which task it is', async () => {
    const id = await world().startTask();
    const { tickToken } = (await world().task(id)).scheduler;
    const [message] = world().published(TICK);
    expect(JSON.parse(message?.body.toString() ?? '')).toEqual({
      taskId: id,
      userId: world().userId,
      tickToken,
    });
  });

  test('a tick is answered only when its run has settled', async () => {
    const id = await world().startTask();
    world().agent.hold();
    await world().clock.advance(0);
    await world().agent.started(1);
    // A call that begins later is answered first.
    expect((await world().call(WEBHOOK_PATHS.watchdog, {})).status).toBe(200);
    expect(world().delivered(TICK)).toEqual([]);

    world().agent.release();
    await world().qstash.idle();

    expect(world().delivered(TICK)).toMatchObject([{ status: 200, answer: RAN }]);
    expect((await world().task(id)).status).toBe('scheduled');
  });

  test('a cron task is brought to its next time of day', async () => {
    const id = await world().startTask({
      ...{ automationMode: 'schedule', heartbeatInterval: null },
      ...{ schedulePattern: '0 9 * * *', scheduleTimezone: 'Europe/Berlin' },
    });
    await world().elapse(9 * 3_600);
    // Midnight UTC, when the world began, is one o'clock in Berlin.
    expect(world().delivered(TICK)).toMatchObject([{ at: 8 * 3_600, answer: RAN }]);
    expect((await world().task(id)).scheduler.dueAt).toBe('2026-01-02T08:00:00.000Z');
  });
});

describe('what takes the task out of the loop takes its message out of QStash', () => {
  test.each(['pause', 'cancel', 'delete'] as const)('%s', async (act) => {
    const id = await world().startTask();
    await world().lifecycle[act](world().userId, id);
    expect(world().qstash.messages()).toEqual([]);
    expect(world().complaints).toEqual([]);
  });

  test('a new interval deletes the old message and publishes one of its own', async () => {
    const id = await world().startTask({ heartbeatInterval: 60 });
    await world().elapse(0);
    await world().lifecycle.update(world().userId, id, { heartbeatInterval: 300 });
    const { tickMessageId } = (await world().task(id)).scheduler;
    expect(world().qstash.messages()).toMatchObject([{ messageId: tickMessageId }]);
    await world().elapse(300);
    expect(world().delivered(TICK)).toMatchObject([{ at: 0 }, { at: 300, answer: RAN }]);
  });

  test('a message that has vanished from QStash is nothing to stumble over', async () => {
    const id = await world().startTask();
    const { url, token } = world().qstash;
    const { tickMessageId } = (await world().task(id)).scheduler;
    await createQStashClient({ url, token }).messages.delete(tickMessageId ?? '');

    await world().lifecycle.pause(world().userId, id);

    expect((await world().task(id)).status).toBe('paused');
    expect(world().complaints).toEqual([]);
  });

  test('a tick that was on its way already is skipped', async () => {
    const id = await world().startTask();
    const { tickToken } = (await world().task(id)).scheduler;
    await world().lifecycle.pause(world().userId, id);
    const late = await world().call(TICK, { taskId: id, userId: world().userId, tickToken });
    expect(late).toMatchObject({ status: 200, answer: { ran: false, reason: 'paused' } });
    expect(world().agent.calls).toEqual([]);
  });
});
