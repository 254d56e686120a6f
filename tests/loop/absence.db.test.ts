import type { AgentBrief } from '@everbeat/agents';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ApiWorld, createApiWorld } from '../support/apiWorld';
import { createOutbox } from '../support/outbox';

const outbox = createOutbox();
let world: ApiWorld;
let taskId: string;
beforeAll(async () => {
  world = await createApiWorld({ sender: outbox.sender });
});
beforeEach(async () => {
  taskId = await world.startTask({ heartbeatInterval: 600 });
});
afterEach(async () => {
  try {
    await world.expectSound();
  } finally {
    await world.ada.task.delete({ id: taskId });
  }
});
afterAll(() => world.close());

const NEWS: AgentBrief = { type: 'insight', priority: 'normal', title: 'News', summary: 'It has changed' };
const DAY_MS = 86_400_000;

/** A beat that brings news, or none. */
async function beat(...briefs: AgentBrief[]) {
  world.agent.next({ kind: 'done', content: 'ok', briefs });
  await world.beat(taskId);
}
/** News that nobody reads for so many days, while the server is off. */
async function unreadFor(days: number) {
  await beat(NEWS);
  await beat();
  await world.clock.advance(days * DAY_MS);
  await beat();
}
const openBriefs = async () => (await world.ada.brief.list({ taskId, unresolved: true })).items;
const titles = async () => (await openBriefs()).map(({ title }) => title).toSorted();
/** How long the task waits for its next beat, from the commit of its arm on, in seconds. */
async function waits(): Promise<number> {
  const { dueAt, scheduledAt } = (await world.task(taskId)).scheduler;
  return (Date.parse(dueAt ?? '') - Date.parse(scheduledAt ?? '')) / 1_000;
}
const SLOWED = /^T-\d+ runs less often, because nobody looks at it$/;
const newestTick = async () => (await world.ada.task.ticks({ id: taskId })).items[0];

describe('news that nobody reads for two weeks', () => {
  test('slow the task down, and one brief and the ledger say so', async () => {
    await unreadFor(14);
    expect(await waits()).toBe(1_200);
    expect(await newestTick()).toMatchObject({ outcome: null, dueReason: 'absence' });
    await beat();
    await world.clock.advance(3 * DAY_MS);
    await beat();
    expect(await waits()).toBe(2_400);
    expect(await titles()).toEqual(['News', expect.stringMatching(SLOWED)]);
    const [told] = await openBriefs();
    expect(told).toMatchObject({ type: 'insight', priority: 'normal', occurrences: 1 });
    expect(told?.summary).toContain('It now runs after 20 minutes instead of 10 minutes');
  });

  test('do not while the task has never found anything', async () => {
    await beat();
    await world.clock.advance(60 * DAY_MS);
    await beat();
    expect(await waits()).toBe(600);
    expect((await world.task(taskId)).scheduler.absence).toBeUndefined();
  });

  test.each<[string, () => Promise<unknown>]>([
    ['they are muted', () => world.ada['inbox.apply']({ act: 'mute', taskId })],
    ['they were put off', () => world.ada['inbox.apply']({ act: 'snooze', taskId, until: 'changes' })],
    ['somebody opens the task now and then', () => world.ada.task.look({ id: taskId })],
    [
      'the task is to keep its rhythm',
      () => world.ada.task.update({ id: taskId, config: { absence: 'keep' } }),
    ],
  ])('do not if %s', async (_why, act) => {
    await beat(NEWS);
    await beat();
    await world.clock.advance(10 * DAY_MS);
    await act();
    await world.clock.advance(10 * DAY_MS);
    await beat();
    expect(await waits()).toBe(600);
  });

  test('do not if a channel has told of them: nobody knows whether a mail was read', async () => {
    const channel = await world.ada.channel.create({
      kind: 'email',
      config: { to: 'ada@example.com' },
      rules: { change: 'at-once' },
    });
    await beat(NEWS);
    await world.deliveries.idle();
    await world.clock.advance(10 * DAY_MS);
    await beat({ ...NEWS, title: 'More news' });
    await world.deliveries.idle();
    expect(outbox.arrived().length).toBeGreaterThan(0);
    await world.clock.advance(10 * DAY_MS);
    await beat();
    expect(await waits()).toBe(600);
    // Not even that the channel tells of the slower rhythm brings the old one back.
    await world.clock.advance(5 * DAY_MS);
    await beat();
    await world.deliveries.idle();
    await beat();
    expect(await waits()).toBe(1_200);
    await world.ada.channel.delete({ id: channel.id });
  });
});

describe('a message that tells that a task is slowed down', () => {
  test('carries answers, each of which brings its rhythm back', async () => {
    await beat(NEWS);
    await beat();
    await world.clock.advance(14 * DAY_MS);
    const rules = { change: 'at-once' } as const;
    const channel = await world.ada.channel.create({
      kind: 'email',
      config: { to: 'ada@example.com' },
      rules,
    });
    await beat();
    expect(await waits()).toBe(1_200);
    await world.deliveries.idle();
    const message = outbox.arrived().at(-1);
    expect(message?.title).toMatch(SLOWED);
    expect(message?.actions.map(({ key }) => key)).toEqual(['keep-rhythm', 'acknowledge']);

    const link = message?.actions.find(({ key }) => key === 'acknowledge')?.token ?? '';
    await world.answers.answer(link, { action: undefined, comment: undefined });
    await beat();
    expect(await waits()).toBe(600);
    await world.ada.channel.delete({ id: channel.id });
  });
});

describe('a task that is slowed down', () => {
  const acts: [string, () => Promise<unknown>][] = [
    ['opening the task', () => world.ada.task.look({ id: taskId })],
    [
      'reading one of its briefs',
      async () => world.ada.brief.markRead({ id: (await openBriefs())[0]?.id ?? '' }),
    ],
    ['clearing the inbox', () => world.ada['inbox.apply']({ act: 'done', taskId })],
    ['muting it', () => world.ada['inbox.apply']({ act: 'mute', taskId })],
    ['saying something', () => world.ada.task.comment({ id: taskId, content: 'I am back' })],
    ['an edit of its name', () => world.ada.task.update({ id: taskId, name: 'Another' })],
    [
      'an answer',
      async () => world.ada.brief.resolve({ id: (await openBriefs())[0]?.id ?? '', action: 'acknowledge' }),
    ],
  ];
  test.each(acts)('beats by its rule again after %s', async (_what, act) => {
    await unreadFor(40);
    expect(await waits()).toBe(86_400);
    await world.clock.advance(3_600_000);
    await act();
    expect(await waits()).toBe(600);
    expect(await newestTick()).toMatchObject({ outcome: null, dueReason: null });
    const [, ended] = (await world.ada.task.ticks({ id: taskId })).items;
    expect(ended).toMatchObject({ outcome: 'superseded', reason: 'looked-at' });
    await beat();
    expect(await waits()).toBe(600);
  });

  test('beats by its rule if its person looks at it while it runs', async () => {
    await unreadFor(40);
    const runs = world.agent.calls.length;
    world.agent.hold();
    const running = beat();
    await world.agent.started(runs + 1);
    await world.ada.task.look({ id: taskId });
    world.agent.release();
    await running;
    expect(await waits()).toBe(600);
  });

  test('is not slowed down by a settlement that was decided before the look', async () => {
    await beat(NEWS);
    await beat();
    await world.clock.advance(40 * DAY_MS);
    const runs = world.agent.calls.length;
    world.agent.hold();
    const running = beat();
    await world.agent.started(runs + 1);
    await world.ada.task.look({ id: taskId });
    world.agent.release();
    await running;
    expect(await waits()).toBe(600);
    expect(await titles()).toEqual(['News']);
  });

  test('is armed anew by the watchdog if the server dies right after the look was recorded', async () => {
    await unreadFor(40);
    await world.clock.advance(3_600_000);
    await world.query('update everbeat.tasks set seen_at = $2 where id = $1', [taskId, world.clock.now()]);
    expect(await world.watchdog.sweep()).toMatchObject({ impossible: 1 });
    expect(await waits()).toBe(600);
  });

  test('is armed anew by the next look as well, however soon that comes', async () => {
    await unreadFor(40);
    await world.query('update everbeat.tasks set seen_at = $2 where id = $1', [taskId, world.clock.now()]);
    await world.ada.task.look({ id: taskId });
    expect(await waits()).toBe(600);
  });

  test('keeps its rhythm for good if its person says so in the brief', async () => {
    await unreadFor(40);
    const told = (await openBriefs()).find(({ title }) => SLOWED.test(title));
    await world.ada.brief.resolve({ id: told?.id ?? '', action: 'keep-rhythm' });
    expect((await world.ada.task.detail({ id: taskId })).config.absence).toBe('keep');
    await world.clock.advance(40 * DAY_MS);
    await beat();
    expect(await waits()).toBe(600);
    expect(await titles()).toEqual(['News']);
  });

  test('is told of again after a look and two more weeks', async () => {
    await unreadFor(14);
    await world.ada.task.look({ id: taskId });
    await beat();
    await world.clock.advance(14 * DAY_MS);
    await beat();
    expect(await waits()).toBe(1_200);
    const told = (await openBriefs()).find(({ title }) => SLOWED.test(title));
    expect(told?.occurrences).toBe(2);
  });
});

test('a look at the task of another user is refused and records nothing', async () => {
  await beat(NEWS);
  const [brief] = await openBriefs();
  await expect(world.bob.task.look({ id: taskId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(world.bob.brief.markRead({ id: brief?.id ?? '' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  await world.lifecycle.look('bob', { taskIds: [taskId] });
  expect((await world.ada.task.detail({ id: taskId })).seenAt).toBeNull();
});
