import { WEBHOOK_PATHS } from '@everbeat/scheduler';
import type { QStashMessage } from '@everbeat/testkit';
import { describe, expect, test } from 'vitest';
import { queueWorldPerTest } from '../support/queueWorld';
import { awayFor } from '../support/statementFaults';

const world = queueWorldPerTest();
const TICK = WEBHOOK_PATHS.heartbeatTick;
const WATCHDOG = WEBHOOK_PATHS.watchdog;
const isTick = (message: QStashMessage): boolean => message.url.endsWith(TICK);
/** The answer to a tick whose operation is running or has settled. */
const ALREADY_CLAIMED = { ran: false, reason: expect.stringMatching(/^(in-flight|stale-token)$/) };

const tokenOf = async (taskId: string) => (await world().task(taskId)).scheduler.tickToken;

/** The answers of the watchdog's sweeps that repaired something. */
const repairs = () =>
  world()
    .delivered(WATCHDOG)
    .filter(
      ({ answer }) =>
        JSON.stringify(answer) !==
        '{"stuck":0,"unpublished":0,"lost":0,"orphans":0,"impossible":0,"leftovers":0}',
    );

describe('a tick that QStash', () => {
  test('loses is published again by the watchdog, as the next publication', async () => {
    const id = await world().startTask();
    const token = await tokenOf(id);
    world().qstash.faults.drop({ matching: isTick });
    await world().registerWatchdog();

    await world().elapse(60);

    expect(repairs()).toMatchObject([
      {
        at: 60,
        status: 200,
        answer: { stuck: 0, unpublished: 0, lost: 1, orphans: 0, impossible: 0, leftovers: 0 },
      },
    ]);
    expect(world().delivered(TICK)).toMatchObject([
      { at: 60, deduplicationId: `${token}-2`, answer: { ran: true } },
    ]);
    expect(world().agent.calls).toHaveLength(1);
  });

  test('loses four times is published again, each time after twice the wait, until it arrives', async () => {
    const id = await world().startTask();
    const token = await tokenOf(id);
    world().qstash.faults.drop({ matching: isTick, times: 4 });
    await world().registerWatchdog();

    await world().elapse(15 * 60);

    const [ran] = world().delivered(TICK);
    expect(ran).toMatchObject({ deduplicationId: `${token}-5`, answer: { ran: true } });
    const atMinutes = world()
      .published(TICK)
      .filter((message) => message.deduplicationId?.startsWith(`${token}-`))
      .map((message) => message.createdAt.getUTCMinutes());
    expect(atMinutes).toEqual([0, 1, 2, 4, 8]);
  });

  test('delivers twice at the same time runs once, and one next tick is published', async () => {
    const id = await world().startTask();
    world().qstash.faults.double({ matching: isTick });

    await world().elapse(0);

    const answers = world()
      .delivered(TICK)
      .map(({ answer }) => answer);
    expect(answers).toHaveLength(2);
    expect(answers).toEqual(
      expect.arrayContaining([expect.objectContaining({ ran: true }), ALREADY_CLAIMED]),
    );
    expect(world().agent.calls).toHaveLength(1);
    expect(world().qstash.messages()).toHaveLength(1);
    expect(await world().task(id)).toMatchObject({ status: 'scheduled', totalTopics: 1 });
  });

  test('delivers late runs late, and the ledger records by how much', async () => {
    const id = await world().startTask();
    world().qstash.faults.delay(20_000, { matching: isTick });
    await world().elapse(20);
    expect(world().delivered(TICK)).toMatchObject([{ at: 20, answer: { ran: true } }]);
    const rows = await world().query(
      `select late_ms::int from everbeat.task_ticks where task_id = $1 and outcome = 'fired'`,
      [id],
    );
    expect(rows).toEqual([{ late_ms: 20_000 }]);
  });

  test('delivers after the publication that replaced it is skipped as stale', async () => {
    const id = await world().startTask({ heartbeatInterval: 600 });
    const token = await tokenOf(id);
    world().qstash.faults.reorder(2, { matching: isTick });
    await world().registerWatchdog();

    await world().elapse(60);

    expect(world().delivered(TICK)).toMatchObject([
      { deduplicationId: `${token}-2`, answer: { ran: true } },
      { deduplicationId: `${token}-1`, answer: { ran: false, reason: 'stale-token' } },
    ]);
    expect(world().agent.calls).toHaveLength(1);
    expect(world().qstash.messages().filter(isTick)).toHaveLength(1);
  });
});

describe('a publication that QStash', () => {
  test.each([
    ['refuses', { how: 'refuse', times: 1 }],
    ['does not answer, in all three attempts,', { how: 'reset', times: 3 }],
  ] as const)('%s leaves an arm without a message id, which the watchdog publishes', async (_name, fault) => {
    world().qstash.faults.refusePublish(fault);
    const id = await world().startTask();
    const { scheduler } = await world().task(id);
    expect(scheduler).toMatchObject({ tickToken: expect.any(String), tickMessageId: null });
    expect(world().published(TICK)).toEqual([]);
    expect(world().complaints).toEqual([expect.stringContaining('could not be published')]);
    await world().registerWatchdog();

    await world().elapse(60);

    expect(repairs()).toMatchObject([
      { answer: { stuck: 0, unpublished: 1, lost: 0, orphans: 0, impossible: 0, leftovers: 0 } },
    ]);
    expect(world().delivered(TICK)).toMatchObject([
      { at: 60, deduplicationId: `${scheduler.tickToken}-2`, answer: { ran: true } },
    ]);
  });

  test('refuses for a new arm leaves no message id of the old arm', async () => {
    const id = await world().startTask();
    world().qstash.faults.refusePublish();
    await world().tasks.update(world().userId, { id, heartbeatInterval: 300 });
    expect((await world().task(id)).scheduler).toMatchObject({
      tickToken: expect.any(String),
      tickMessageId: null,
    });
  });

  test('takes, but whose answer is lost, is retried and makes one message', async () => {
    world().qstash.faults.refusePublish({ how: 'lose-answer' });
    const id = await world().startTask();
    expect(world().qstash.messages()).toMatchObject([
      { messageId: (await world().task(id)).scheduler.tickMessageId },
    ]);
    expect(world().complaints).toEqual([]);
  });

  test('takes, but never acknowledges, is published again by the watchdog, and the two ticks make one run', async () => {
    const id = await world().startTask({ heartbeatInterval: 300 });
    world().qstash.faults.refusePublish({ how: 'lose-answer', times: 3 });
    await world().elapse(0);
    const { tickToken, tickMessageId } = (await world().task(id)).scheduler;
    expect(tickMessageId).toBeNull();
    await world().registerWatchdog();

    await world().elapse(300);

    expect(world().delivered(TICK).slice(1)).toMatchObject([
      { at: 300, deduplicationId: `${tickToken}-1`, answer: { ran: true } },
      { at: 300, deduplicationId: `${tickToken}-2`, answer: ALREADY_CLAIMED },
    ]);
    expect(repairs()).toMatchObject([{ at: 60, answer: { unpublished: 1 } }]);
    expect(world().agent.calls).toHaveLength(2);
  });
});

test('the watchdog arms an orphan, which only a hand edit leaves', async () => {
  const id = await world().startTask();
  await world().query(
    `update everbeat.tasks set context = jsonb_set(context, '{scheduler}', '{"consecutiveFailures":0}') where id = $1`,
    [id],
  );
  await world().query('delete from everbeat.task_ticks where task_id = $1', [id]);
  await world().registerWatchdog();
  await world().elapse(60);
  expect(repairs()).toMatchObject([{ at: 60, answer: { orphans: 1 } }]);
  expect(world().agent.calls).toHaveLength(1);
});

test('the watchdog has one schedule, however often it is registered', async () => {
  await world().registerWatchdog();
  await world().registerWatchdog();
  expect(world().qstash.schedules()).toMatchObject([
    { scheduleId: 'everbeat-watchdog', cron: '*/1 * * * *' },
  ]);
  await world().elapse(120);
  expect(world().delivered(WATCHDOG)).toMatchObject([
    {
      at: 60,
      status: 200,
      answer: { stuck: 0, unpublished: 0, lost: 0, orphans: 0, impossible: 0, leftovers: 0 },
    },
    { at: 120, status: 200 },
  ]);
});

test('a tick whose message id cannot be recorded runs once, although it is published a second time', async () => {
  void awayFor(world().testDatabase, 'everbeat_record_message_ids');
  await world().startTask();
  await world().elapse(0);
  expect(world().agent.calls).toHaveLength(1);
  expect(world().complaints.join()).toContain('The message id of a published tick could not be recorded');
});
