import { type ChannelKind, type DeliveryView, MASK, type TaskRules } from '@everbeat/domain';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApiWorld, createApiWorld, refusalOf } from '../support/apiWorld';
import { whileHeld } from '../support/heldRows';
import { createOutbox, type Outbox } from '../support/outbox';
import { awayFor } from '../support/statementFaults';

const HOUR_MS = 3_600_000;
const CONFIGS = {
  webhook: { url: 'https://hook.example/ada', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' },
  email: { to: 'ada@example.com' },
} satisfies Partial<Record<ChannelKind, object>>;

let world: ApiWorld;
let outbox: Outbox;
beforeEach(async () => {
  outbox = createOutbox();
  world = await createApiWorld({ sender: outbox.sender });
});
afterEach(async () => {
  await world.deliveries.idle();
  // Nothing delivers ticks here.
  for (const { id } of (await world.ada.task.list({ statuses: ['scheduled'] })).items)
    await world.ada.task.pause({ id });
  await world.expectSound();
  await world.close();
});

const addChannel = async (kind: keyof typeof CONFIGS = 'webhook', rules: TaskRules = {}): Promise<string> =>
  (await world.ada.channel.create({ kind, config: CONFIGS[kind], rules })).id;

const deliveries = async (): Promise<DeliveryView[]> => (await world.ada.delivery.list()).items.toReversed();

const statuses = async (): Promise<string[]> =>
  (await deliveries()).map(({ status, reason }) => (reason === null ? status : `${status}: ${reason}`));

/** A started task whose run asks something urgent. Returns its id. */
async function asksSomething(): Promise<string> {
  const taskId = await world.startTask();
  const question = {
    type: 'decision',
    priority: 'urgent',
    title: 'Which one?',
    summary: 'A or **B**',
  } as const;
  world.agent.next({ kind: 'done', content: 'Done', briefs: [question] });
  await world.beat(taskId);
  return taskId;
}

/** A started task whose run tells a change. */
async function tellsAChange(title = 'A ship has left', key?: string): Promise<string> {
  const taskId = await world.startTask();
  await tellAgain(taskId, title, key);
  return taskId;
}

async function tellAgain(taskId: string, title: string, key?: string): Promise<void> {
  const change = { type: 'insight', priority: 'normal', title, summary: 'It left', key } as const;
  world.agent.next({ kind: 'done', content: 'Done', briefs: [change] });
  await world.beat(taskId);
}

/** Lets time pass, with the passes of the watchdog. */
async function wait(ms: number, steps = 1): Promise<void> {
  for (let step = 0; step < steps; step += 1) {
    await world.clock.advance(ms / steps);
    await world.watchdog.sweep();
    await world.deliveries.idle();
  }
}

/** While a message is held: nobody records what becomes of it. */
async function processDies(): Promise<void> {
  await world.query(
    `update everbeat.deliveries set attempts = attempts + 1, attempted_at = attempted_at - interval '1 hour'`,
  );
  outbox.release();
  await world.deliveries.idle();
}

describe('news that a rule sends', () => {
  test('reaches the person at once, with the id of its delivery as the key of the message', async () => {
    await addChannel();
    const taskId = await asksSomething();
    await world.deliveries.idle();

    const [delivery] = await deliveries();
    expect(delivery).toMatchObject({
      status: 'sent',
      kind: 'needs-me',
      taskId,
      attempts: 1,
      externalId: 'far-1',
    });
    expect(outbox.arrived()).toMatchObject([
      {
        id: delivery?.id,
        kind: 'needs-me',
        title: 'Which one?',
        text: 'A or **B**',
        priority: 'urgent',
        url: `http://localhost:3000/?brief=${delivery?.briefId}`,
        task: { identifier: 'T-1' },
      },
    ]);
    expect(outbox.attempts[0]?.config, 'with its secrets').toEqual(CONFIGS.webhook);
  });

  test('reaches nobody else', async () => {
    await world.bob.channel.create({ kind: 'webhook', config: CONFIGS.webhook });
    await asksSomething();
    await wait(HOUR_MS);
    expect(outbox.attempts).toEqual([]);
    expect((await world.bob.delivery.list()).items).toEqual([]);
  });

  test('leaves no row where the rules send nothing of it', async () => {
    await addChannel('webhook', { 'needs-me': 'never' });
    await asksSomething();
    expect(await deliveries()).toEqual([]);
  });

  test('follows what was chosen for its task', async () => {
    const channelId = await addChannel('webhook', { change: 'never' });
    const taskId = await world.startTask();
    await world.ada.channel.setForTask({ taskId, channelId, rules: { change: 'at-once' } });
    await tellAgain(taskId, 'A ship has left');
    await tellsAChange('Of another task');
    await world.deliveries.idle();
    expect(outbox.arrived().map(({ title }) => title)).toEqual(['A ship has left']);
  });

  test('waits for the digest, which tells all of a day in one message, without what was seen', async () => {
    await addChannel();
    const first = await tellsAChange('A ship has left');
    await tellAgain(first, 'Another ship has left');
    await tellsAChange('The tide is out');
    const seen = await tellsAChange('The tide is in');
    const [brief] = await world.briefs(seen);
    await world.ada.brief.markRead({ id: brief?.id ?? '' });

    await wait(7 * HOUR_MS);
    expect(outbox.attempts).toEqual([]);
    await wait(2 * HOUR_MS);
    expect(outbox.arrived()).toMatchObject([
      { kind: 'digest', title: 'Digest: 3 briefs in 2 tasks', lines: [{ count: 1 }, { count: 2 }] },
    ]);
    expect((await statuses()).toSorted()).toEqual(['sent', 'sent', 'sent', 'skipped: seen']);
  });

  test('is told again when it changes after it was told, and once while it waits', async () => {
    await addChannel('webhook', { change: 'at-once' });
    const taskId = await tellsAChange('1 ship', 'ships');
    await world.deliveries.idle();
    outbox.answer('is away');
    await wait(HOUR_MS);
    await tellAgain(taskId, '2 ships', 'ships');
    await tellAgain(taskId, '3 ships', 'ships');
    await world.deliveries.idle();
    outbox.answer('takes');
    await wait(HOUR_MS);
    expect(outbox.arrived().map(({ title }) => title)).toEqual(['1 ship', '3 ships']);
    expect((await deliveries()).map(({ number }) => number)).toEqual([1, 2]);
  });

  test('is told again, under a new id, after its first messages were removed with age', async () => {
    await addChannel('webhook', { change: 'at-once' });
    const taskId = await tellsAChange('1 ship', 'ships');
    await wait(HOUR_MS);
    for (const title of ['2 ships', '3 ships']) {
      await tellAgain(taskId, title, 'ships');
      await wait(HOUR_MS);
    }
    const removed = 'delete from everbeat.deliveries where number <= $1';
    await world.database.pool.query(removed, [1]);
    await tellAgain(taskId, '4 ships', 'ships');
    await wait(HOUR_MS);
    expect((await deliveries()).map(({ number }) => number)).toEqual([2, 3, 4]);

    await world.database.pool.query(removed, [4]);
    await tellAgain(taskId, '5 ships', 'ships');
    await wait(HOUR_MS);
    const ids = outbox.arrived().map(({ id }) => id);
    expect(new Set(ids).size).toBe(5);
  });
});

describe('a message', () => {
  test('that the far side does not take is tried again under the same id, for a day', async () => {
    await addChannel('email');
    outbox.answer('is away');
    await asksSomething();
    await wait(23 * HOUR_MS, 46);
    expect(await statuses()).toEqual(['pending: retry']);
    expect(new Set(outbox.attempts.map(({ message }) => message.id)).size).toBe(1);

    await wait(3 * HOUR_MS, 6);
    expect(await statuses()).toEqual(['failed: gave-up']);
    const [channel] = await world.ada.channel.list();
    expect(channel).toMatchObject({ problem: 'It is away. It is tried again.' });
    expect(channel?.failingSince).not.toBeNull();
  });

  test.each([
    ['webhook', 'which takes each once, is sent again', 2, 'sent'],
    ['email', 'is not sent again', 1, 'unknown: lost'],
  ] as const)('of a %s that may have arrived, %s', async (kind, _what, attempts, status) => {
    await addChannel(kind);
    outbox.answer('takes it and says nothing');
    await asksSomething();
    await world.deliveries.idle();
    outbox.answer('takes');
    await wait(HOUR_MS);
    expect(outbox.attempts).toHaveLength(attempts);
    expect(await statuses()).toEqual([status]);
  });

  test('in an outage that may have taken each, few are used up, and the next one that arrives says so', async () => {
    await addChannel('email');
    outbox.answer('takes it and says nothing');
    for (let question = 0; question < 12; question += 1) {
      await asksSomething();
      await world.deliveries.idle();
      await wait(5 * 60_000);
    }
    const used = outbox.attempts.length;
    expect(used).toBeGreaterThan(2);
    expect(used).toBeLessThan(7);
    outbox.answer('takes');
    await wait(HOUR_MS);
    await wait(HOUR_MS);
    expect(outbox.attempts[used]?.message.text).toContain(
      `${used} messages before this one may not have arrived`,
    );
    expect(outbox.attempts[used + 1]?.message.text).not.toContain('may not have arrived');
    expect((await statuses()).toSorted()).toEqual([
      ...Array.from({ length: 12 - used }, () => 'sent'),
      ...Array.from({ length: used }, () => 'unknown: lost'),
    ]);
  });

  test.each([
    ['webhook', 2, 'sent'],
    ['email', 1, 'unknown: lost'],
  ] as const)('of a %s whose process dies while it sends has %i attempts', async (kind, attempts, status) => {
    await addChannel(kind);
    outbox.hold();
    await asksSomething();
    await outbox.attempted(1);
    await processDies();
    await wait(HOUR_MS);
    expect(outbox.attempts).toHaveLength(attempts);
    expect(await statuses()).toEqual([status]);
  });

  test('that was not taken before its channel was deleted is skipped', async () => {
    const channelId = await addChannel('email');
    outbox.answer('is away');
    outbox.hold();
    await asksSomething();
    await outbox.attempted(1);
    await world.ada.channel.delete({ id: channelId });
    outbox.release();
    await world.deliveries.idle();
    expect(await statuses()).toEqual(['pending: retry']);

    await wait(HOUR_MS);
    expect(await statuses()).toEqual(['skipped: channel-off']);
  });

  test('that was not sent is recorded, although somebody holds what is told of another task', async () => {
    await addChannel('email');
    outbox.answer('is away');
    const waiting = await asksSomething();
    await world.deliveries.idle();
    await world.clock.advance(5_000);
    outbox.hold();
    await asksSomething();
    await outbox.attempted(2);
    await whileHeld(world.database.pool, 'deliveries where task_id = $1', [waiting], async () => {
      outbox.release();
      await expect.poll(statuses).toEqual(['pending: retry', 'pending: retry']);
    });
  });

  test('that has ended its process for a day is given up', async () => {
    await addChannel();
    outbox.hold();
    await asksSomething();
    await outbox.attempted(1);
    await world.query(
      `update everbeat.deliveries set first_attempt_at = first_attempt_at - interval '25 hours'`,
    );
    await processDies();
    await wait(HOUR_MS);
    expect(await statuses()).toEqual(['failed: gave-up']);
    expect(outbox.attempts).toHaveLength(1);
  });

  test('that cannot be put together while the database is away is sent later, and its channel is not blamed', async () => {
    const channelId = await addChannel('email');
    const met = awayFor(world.testDatabase, 'everbeat_add_answer_links');
    await asksSomething();
    await met;
    await world.deliveries.idle();
    expect(outbox.attempts).toEqual([]);
    expect((await world.ada.channel.list())[0]).toMatchObject({ id: channelId, problem: null });
    await wait(HOUR_MS);
    expect(await statuses()).toEqual(['sent']);
  });

  test('is sent once by two servers that find it at the same moment', async () => {
    await addChannel('email');
    await addChannel('email');
    outbox.answer('is away');
    await asksSomething();
    await world.deliveries.idle();
    outbox.answer('takes');
    world.clock.set(new Date(world.clock.now().getTime() + HOUR_MS));

    const other = await world.secondProcess();
    await Promise.all([world.deliveries.deliver(), other.deliveries.deliver()]);
    expect(outbox.arrived()).toHaveLength(2);
    expect(await statuses()).toEqual(['sent', 'sent']);
  });

  test('that was attempted before is sent together with others as one attempt, whose outcome is that of all', async () => {
    await addChannel('email', { change: 'digest' });
    await tellsAChange('A ship has left');
    await tellsAChange('Another ship has left');
    await world.deliveries.idle();
    expect(await statuses()).toEqual(['pending: digest', 'pending: digest']);
    const [first] = await deliveries();
    await world.query('update everbeat.deliveries set attempts = 2 where id = $1', [first?.id]);
    await wait(24 * HOUR_MS, 24);
    expect(await statuses()).toEqual(['sent', 'sent']);
    expect((await deliveries()).map(({ attempts }) => attempts)).toEqual([3, 3]);
  });

  test('that was not sent is sent when a person asks for it, although they have seen it', async () => {
    await addChannel();
    outbox.answer('refuses');
    const taskId = await asksSomething();
    await world.deliveries.idle();
    expect(await statuses()).toEqual(['failed: refused']);

    const [brief] = await world.briefs(taskId);
    await world.ada.brief.markRead({ id: brief?.id ?? '' });
    outbox.answer('takes');
    const [delivery] = await deliveries();
    await world.ada.delivery.retry({ id: delivery?.id ?? '' });
    await world.deliveries.idle();
    expect(await statuses()).toEqual(['sent']);
  });

  test('that a person has asked for is sent again when the process dies while it sends', async () => {
    await addChannel();
    outbox.answer('refuses');
    const taskId = await asksSomething();
    await world.deliveries.idle();
    const [brief] = await world.briefs(taskId);
    await world.ada.brief.markRead({ id: brief?.id ?? '' });

    outbox.answer('takes');
    outbox.hold();
    const [delivery] = await deliveries();
    await world.ada.delivery.retry({ id: delivery?.id ?? '' });
    await outbox.attempted(2);
    await processDies();
    await wait(HOUR_MS);
    expect(outbox.attempts).toHaveLength(3);
    expect(await statuses()).toEqual(['sent']);
  });

  test('that a person has asked for waits no longer once a trial shows that the channel works', async () => {
    const channelId = await addChannel();
    outbox.answer('refuses');
    await asksSomething();
    await world.deliveries.idle();
    outbox.answer('is away');
    const [delivery] = await deliveries();
    await world.ada.delivery.retry({ id: delivery?.id ?? '' });
    await world.deliveries.idle();
    expect(await statuses()).toEqual(['pending: asked']);

    outbox.answer('takes');
    await world.ada.channel.test({ id: channelId });
    await world.deliveries.idle();
    expect(await statuses()).toEqual(['sent']);
  });
});

test('a channel that did not take a trial says so until something arrives', async () => {
  const id = await addChannel('email');
  const state = async () => (await world.ada.channel.list())[0];
  outbox.answer('wants a new key');
  const problem = 'The key is refused. Enter a new one.';
  const failedAt = world.clock.now();
  expect(await world.ada.channel.test({ id })).toEqual({ ok: false, problem });
  await world.clock.advance(HOUR_MS);
  await world.ada.channel.test({ id });
  expect(await state()).toMatchObject({ failingSince: failedAt, problem, lastSentAt: null });

  outbox.answer('takes');
  await asksSomething();
  await world.deliveries.idle();
  expect(await state()).toMatchObject({ failingSince: null, problem: null });
});

test('a secret of a channel that is sent back as its mask is kept for its own server, and for no other', async () => {
  const id = await addChannel();
  const [shown] = await world.ada.channel.list();
  expect(shown?.config).toEqual({ url: CONFIGS.webhook.url, secret: MASK });
  await world.ada.channel.update({ id, config: { url: 'https://hook.example/other', secret: MASK } });
  await world.ada.channel.test({ id });
  expect(outbox.attempts.at(-1)?.config).toEqual({
    url: 'https://hook.example/other',
    secret: CONFIGS.webhook.secret,
  });
  const moved = world.ada.channel.update({ id, config: { url: 'https://eve.example/', secret: MASK } });
  expect(await refusalOf(moved)).toMatchObject({
    appCode: 'agent-misconfigured',
    message: expect.stringContaining('secret of the channel: the address has changed to another server'),
  });
});

test('a settlement waits for nobody who holds the row of a channel', async () => {
  await addChannel();
  await whileHeld(world.database.pool, 'channels', [], async () => {
    await asksSomething();
    await world.deliveries.idle();
    expect(await statuses()).toEqual(['pending']);
  });
  await wait(60_000);
  expect(await statuses()).toEqual(['sent']);
});

describe('what was told as failed', () => {
  const fail = async (taskId: string): Promise<void> => {
    world.agent.next({ kind: 'error', errorCode: 'agent_broken', errorMessage: 'It broke' });
    await world.beat(taskId);
    await world.deliveries.idle();
  };
  const succeed = async (taskId: string): Promise<void> => {
    world.agent.next({ kind: 'done', content: 'Fine' });
    await world.beat(taskId);
    await world.deliveries.idle();
  };

  test('is told as recovered, once, to the channels that were told', async () => {
    await addChannel();
    const taskId = await world.startTask({ heartbeatInterval: 3 * 3_600 });
    await fail(taskId);
    await addChannel('email');
    await succeed(taskId);
    expect(outbox.attempts, 'it waits for no pass of the watchdog').toHaveLength(2);
    await wait(HOUR_MS);
    expect(outbox.attempts.map(({ kind, message }) => `${kind} ${message.kind}: ${message.title}`)).toEqual([
      'webhook failed: T-1 failed',
      'webhook recovered: Recovered after 3 h: T-1 failed',
    ]);
  });

  test('is not told at all if it is over before it was sent', async () => {
    await addChannel();
    outbox.answer('is away');
    const taskId = await world.startTask({ heartbeatInterval: 10 });
    await fail(taskId);
    await succeed(taskId);
    outbox.answer('takes');
    await wait(HOUR_MS);
    expect(await statuses()).toEqual(['skipped: resolved']);
  });
});

test('a channel that fails for a day is told of once, by the others, until it works again', async () => {
  const mail = await addChannel('email');
  outbox.answer('wants a new key');
  const taskId = await asksSomething();
  await wait(26 * HOUR_MS, 52);
  const told = async () =>
    (await world.briefs(taskId)).filter(({ title }) => title.includes('Nothing reaches'));
  expect(await told()).toMatchObject([
    { type: 'error', title: 'Nothing reaches you by E-mail', resolvedAction: null },
  ]);

  outbox.answer('takes');
  expect(await world.ada.channel.test({ id: mail })).toEqual({ ok: true, problem: null });
  expect(await told()).toMatchObject([{ resolvedAction: 'recovered' }]);
  await world.deliveries.idle();
  expect(
    outbox.arrived().map(({ title }) => title),
    'it is not sent about itself',
  ).toEqual(['Everbeat reaches you here']);
});

test('a channel that fails for a day is told of as soon as there is a task to tell it with', async () => {
  await addChannel('email');
  const before = new Date(world.clock.now().getTime() - 48 * HOUR_MS);
  await world.query('update everbeat.channels set failing_since = $1', [before]);
  outbox.answer('wants a new key');
  outbox.hold();
  const first = await asksSomething();
  await outbox.attempted(1);
  await world.ada.task.delete({ id: first });
  outbox.release();
  await world.deliveries.idle();

  const second = await asksSomething();
  await wait(HOUR_MS);
  expect((await world.briefs(second)).map(({ title }) => title)).toContain('Nothing reaches you by E-mail');
});
