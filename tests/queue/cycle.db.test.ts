import { createQStashClient, WEBHOOK_PATHS } from '@everbeat/scheduler';
import { describe, expect, test } from 'vitest';
import { queueWorldPerTest } from '../support/queueWorld';

const world = queueWorldPerTest();
const TICK = WEBHOOK_PATHS.heartbeatTick;
const RAN = { ran: true, topicId: expect.any(String), operationId: expect.any(String) };

describe('the cycle through QStash', () => {
  test('publishes, waits, gets the signed tick, runs, settles and publishes again, with one message per cycle', async () => {
    const id = await world().startTask({ heartbeatInterval: 60 });
    const deduplicationIds: string[] = [];
    for (let run = 1; run <= 4; run += 1) {
      const { tickToken, tickMessageId } = (await world().task(id)).scheduler;
      const [message, ...others] = world().qstash.messages();
      expect(others).toEqual([]);
      expect(message).toMatchObject({ messageId: tickMessageId, deduplicationId: `${tickToken}-1` });
      deduplicationIds.push(`${tickToken}-1`);

      await world().elapse(run === 1 ? 0 : 60);

      expect(await world().task(id)).toMatchObject({ status: 'scheduled', totalTopics: run });
      expect(world().published(TICK)).toHaveLength(run + 1);
    }
    expect(world().delivered(TICK)).toMatchObject(
      [0, 60, 120, 180].map((at, index) => ({
        at,
        status: 200,
        retried: 0,
        answer: RAN,
        deduplicationId: deduplicationIds[index],
      })),
    );
    expect(world().agent.calls).toHaveLength(4);
    expect(world().complaints).toEqual([]);
  });

  test('publishes a message that holds only the ids of task and user and the tick token', async () => {
    const id = await world().startTask();
    const { tickToken } = (await world().task(id)).scheduler;
    const [message] = world().published(TICK);
    expect(JSON.parse(message?.body.toString() ?? '')).toEqual({
      taskId: id,
      userId: world().userId,
      tickToken,
    });
  });

  test('answers a tick only when its run has settled', async () => {
    const id = await world().startTask();
    world().agent.hold();
    await world().clock.advance(0);
    await world().agent.started(1);
    // A later request is answered first, so the server is not blocked.
    expect((await world().call(WEBHOOK_PATHS.watchdog, {})).status).toBe(200);
    expect(world().delivered(TICK)).toEqual([]);

    world().agent.release();
    await world().qstash.idle();

    expect(world().delivered(TICK)).toMatchObject([{ status: 200, answer: RAN }]);
    expect((await world().task(id)).status).toBe('scheduled');
  });

  test('runs a cron task at its time of day in its time zone', async () => {
    const id = await world().startTask({
      automationMode: 'schedule',
      heartbeatInterval: null,
      schedulePattern: '0 9 * * *',
      scheduleTimezone: 'Europe/Berlin',
    });
    await world().elapse(9 * 3_600);
    // The test starts at midnight UTC, which is 01:00 in Berlin.
    expect(world().delivered(TICK)).toMatchObject([{ at: 8 * 3_600, answer: RAN }]);
    expect((await world().task(id)).scheduler.dueAt).toBe('2026-01-02T08:00:00.000Z');
  });
});

describe('a task that leaves its loop has its message deleted at QStash', () => {
  test.each(['pause', 'cancel', 'delete'] as const)('%s', async (act) => {
    const id = await world().startTask();
    await world().lifecycle[act](world().userId, id);
    expect(world().qstash.messages()).toEqual([]);
    expect(world().complaints).toEqual([]);
  });

  test('a new interval deletes the old message and publishes a new one', async () => {
    const id = await world().startTask({ heartbeatInterval: 60 });
    await world().elapse(0);
    await world().tasks.update(world().userId, { id, heartbeatInterval: 300 });
    const { tickMessageId } = (await world().task(id)).scheduler;
    expect(world().qstash.messages()).toMatchObject([{ messageId: tickMessageId }]);
    await world().elapse(300);
    expect(world().delivered(TICK)).toMatchObject([{ at: 0 }, { at: 300, answer: RAN }]);
  });

  test('a pause succeeds, without a warning, if the message is no longer at QStash', async () => {
    const id = await world().startTask();
    const { url, token } = world().qstash;
    const { tickMessageId } = (await world().task(id)).scheduler;
    await createQStashClient({ url, token }).messages.delete(tickMessageId ?? '');

    await world().lifecycle.pause(world().userId, id);

    expect((await world().task(id)).status).toBe('paused');
    expect(world().complaints).toEqual([]);
  });

  test('a tick that was already on its way is skipped', async () => {
    const id = await world().startTask();
    const { tickToken } = (await world().task(id)).scheduler;
    await world().lifecycle.pause(world().userId, id);
    const late = await world().call(TICK, { taskId: id, userId: world().userId, tickToken });
    expect(late).toMatchObject({ status: 200, answer: { ran: false, reason: 'paused' } });
    expect(world().agent.calls).toEqual([]);
  });
});
