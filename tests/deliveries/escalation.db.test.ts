import type { AgentBrief } from '@everbeat/agents';
import { LIMITS, type TaskRules } from '@everbeat/domain';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ApiWorld, createApiWorld } from '../support/apiWorld';
import { whileHeld } from '../support/heldRows';
import { createOutbox, type Outbox } from '../support/outbox';

/** Questions that nobody answers are asked again, by further channels (PROTOCOL §11). */
const HOUR_MS = 3_600_000;
const WEBHOOK = { url: 'https://hook.example/ada', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };
const MAIL = { to: 'ada@example.com' };
const QUESTION: AgentBrief = { type: 'decision', priority: 'urgent', title: 'Which one?', summary: 'A or B' };

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

/** A first channel, which is told at once, and a second one, which need not be. */
async function twoChannels(second: TaskRules = { 'needs-me': 'never' }): Promise<void> {
  await world.ada.channel.create({ kind: 'webhook', config: WEBHOOK });
  await world.ada.channel.create({ kind: 'email', config: MAIL, rules: second });
}

async function ask(question: Partial<AgentBrief> = {}): Promise<{ taskId: string; briefId: string }> {
  const { id: taskId } = await world.createTask({ automationMode: null, heartbeatInterval: null });
  world.agent.next({ kind: 'done', content: 'Done', briefs: [{ ...QUESTION, ...question }] });
  await world.runNow(taskId);
  await world.deliveries.idle();
  const [brief] = await world.briefs(taskId);
  return { taskId, briefId: brief?.id ?? '' };
}

/** A run says it again, and so updates the question that is open. */
async function tellUnderKey(taskId: string, question: Partial<AgentBrief>): Promise<void> {
  world.agent.next({ kind: 'done', content: 'Done', briefs: [{ ...QUESTION, key: 'way', ...question }] });
  await world.runNow(taskId);
  await world.deliveries.idle();
}

async function pass(ms: number): Promise<void> {
  await world.clock.advance(ms);
  await world.watchdog.sweep();
  await world.deliveries.idle();
}

const arrived = () => outbox.attempts.map(({ kind, message }) => `${kind}: ${message.title}`);
const briefOf = (id: string) => world.ada.brief.get({ id });

describe('an urgent question', () => {
  test('is asked again after four hours by the second channel, once, with its answers', async () => {
    await twoChannels();
    const { briefId } = await ask();
    const escalateAt = new Date(world.clock.now().getTime() + 4 * HOUR_MS);
    expect(await briefOf(briefId)).toMatchObject({ escalateAt });
    expect(arrived()).toEqual(['webhook: Which one?']);

    await pass(4 * HOUR_MS - 1_000);
    expect(arrived()).toHaveLength(1);
    await pass(1_000);
    await pass(48 * HOUR_MS);
    expect(arrived()).toEqual(['webhook: Which one?', 'email: Asked again, waiting for 4 h: Which one?']);
    expect(outbox.attempts.at(-1)?.message).toMatchObject({ kind: 'unanswered', priority: 'urgent' });
    expect(outbox.attempts.at(-1)?.message.actions.map(({ key }) => key)).toContain('approve');
    expect(await briefOf(briefId)).toMatchObject({ escalateAt: null, resolvedAt: null });
  });

  test('is asked again although it was seen, and not once it is answered', async () => {
    await twoChannels();
    const [seen, answered] = [await ask({ title: 'Seen?' }), await ask({ title: 'Answered?' })];
    await world.ada.brief.markRead({ id: seen.briefId });
    await world.ada.brief.resolve({ id: answered.briefId, action: 'approve' });
    await pass(5 * HOUR_MS);
    expect(arrived().filter((title) => title.includes('Asked again'))).toEqual([
      'email: Asked again, waiting for 5 h: Seen?',
    ]);
  });

  test('is not asked again while it is snoozed', async () => {
    await twoChannels();
    const { briefId } = await ask();
    const until = new Date(world.clock.now().getTime() + 30 * HOUR_MS);
    await world.ada['inbox.apply']({ act: 'snooze', briefIds: [briefId], until: until.toISOString() });
    expect(await briefOf(briefId)).toMatchObject({ escalateAt: until });
    await pass(24 * HOUR_MS);
    await pass(6 * HOUR_MS - 1_000);
    expect(arrived()).toHaveLength(1);
    await pass(1_000);
    expect(arrived().at(-1)).toBe('email: Asked again, waiting for 30 h: Which one?');
  });

  test('does not say that it is asked again while it is snoozed without an end', async () => {
    await twoChannels();
    const { briefId } = await ask();
    await world.ada['inbox.apply']({ act: 'snooze', briefIds: [briefId], until: 'changes' });
    expect(await briefOf(briefId)).toMatchObject({ escalateAt: null });
    await pass(5 * HOUR_MS);
    expect(arrived()).toHaveLength(1);
  });

  test('leaves whoever takes an answer back ten minutes before it is asked again', async () => {
    await twoChannels();
    const { briefId } = await ask();
    await pass(4 * HOUR_MS - 5_000);
    const { undoToken } = await world.ada.brief.resolve({ id: briefId, action: 'approve' });
    await world.clock.advance(7_000);
    await world.ada['inbox.apply']({ act: 'undo', undoToken: undoToken ?? '' });
    await pass(LIMITS.reopenedSecondsMin * 1_000 - 1_000);
    expect(arrived()).toHaveLength(1);
    await pass(1_000);
    expect(arrived().at(-1)).toBe('email: Asked again, waiting for 4 h: Which one?');
  });

  test('is asked again when its agent says, as is one that is not urgent', async () => {
    await twoChannels();
    await ask({ title: 'Soon?', escalation: { afterSeconds: 3_600 } });
    await ask({ title: 'Some time?', priority: 'normal', escalation: { afterSeconds: 3 * 86_400 } });
    await ask({ title: 'Never?', priority: 'normal' });
    await pass(HOUR_MS);
    expect(arrived().at(-1)).toBe('email: Asked again, waiting for 1 h: Soon?');
    for (let hour = 0; hour < 71; hour += 1) await pass(HOUR_MS);
    const again = arrived().filter((title) => title.includes('Asked again'));
    expect(again).toEqual([
      'email: Asked again, waiting for 1 h: Soon?',
      'email: Asked again, waiting for 3 days: Some time?',
    ]);
  });

  test('is not asked again when its time is over, also if its default cannot be taken yet', async () => {
    await twoChannels();
    const { taskId, briefId } = await ask({
      actions: [{ key: 'wait', label: 'Wait' }],
      expiry: { action: 'wait', afterSeconds: 3_600 },
      escalation: { afterSeconds: 3_600 },
    });
    const { pool } = world.testDatabase.database;
    await whileHeld(pool, 'tasks where id = $1', [taskId], () => pass(HOUR_MS));
    expect(await briefOf(briefId)).toMatchObject({ resolvedAt: null });
    expect(arrived()).toEqual(['webhook: Which one?']);

    await pass(0);
    expect(await briefOf(briefId)).toMatchObject({ resolvedAction: 'wait' });
    expect(arrived()).toEqual(['webhook: Which one?']);
  });

  test('is asked again once more when it is another question, however often that is told', async () => {
    await twoChannels();
    const { id: taskId } = await world.createTask();
    const tell = (title: string) =>
      tellUnderKey(taskId, { priority: 'normal', title, escalation: { afterSeconds: 3_600 } });
    await tell('Left?');
    await pass(HOUR_MS);
    await tell('Left?');
    await pass(HOUR_MS);
    await pass(HOUR_MS);
    await tell('Right?');
    await tell('Right?');
    await pass(HOUR_MS);
    await pass(HOUR_MS);
    expect(arrived().filter((title) => title.includes('Asked again'))).toEqual([
      'email: Asked again, waiting for 1 h: Left?',
      'email: Asked again, waiting for 1 h: Right?',
    ]);
    await world.ada.task.pause({ id: taskId });
  });

  test('has waited since it was asked, also if it became urgent later', async () => {
    await twoChannels();
    const { id: taskId } = await world.createTask({ automationMode: null, heartbeatInterval: null });
    await tellUnderKey(taskId, { priority: 'normal' });
    await pass(3 * HOUR_MS);
    await tellUnderKey(taskId, {});
    await pass(4 * HOUR_MS);
    expect(arrived().filter((title) => title.includes('Which one?'))).toEqual([
      'webhook: Which one?',
      'webhook: Which one?',
      'email: Asked again, waiting for 7 h: Which one?',
    ]);
  });

  test('has waited since it is this question, also if no channel told it for the first time', async () => {
    const rules: TaskRules = { 'needs-me': 'never', 'good-to-know': 'never', unanswered: 'at-once' };
    await world.ada.channel.create({ kind: 'email', config: MAIL, rules });
    const { id: taskId } = await world.createTask({ automationMode: null, heartbeatInterval: null });
    await tellUnderKey(taskId, { title: 'Left?' });
    await pass(3 * HOUR_MS);
    await tellUnderKey(taskId, { title: 'Right?' });
    await pass(HOUR_MS);
    await tellUnderKey(taskId, { title: 'Right?' });
    await pass(3 * HOUR_MS);
    expect(arrived()).toEqual(['email: Asked again, waiting for 4 h: Right?']);
  });
});

describe('the channels that ask again', () => {
  test('are the second and any further one, unless their owner says otherwise', async () => {
    await twoChannels({});
    const [first, second] = await world.ada.channel.list();
    expect([first?.rules.unanswered, second?.rules.unanswered]).toEqual(['never', 'at-once']);
    const { briefId } = await ask();
    await world.ada.channel.update({ id: second?.id ?? '', rules: { unanswered: 'never' } });
    await pass(5 * HOUR_MS);
    // Both are sent at once, in no order.
    expect(arrived().toSorted()).toEqual(['email: Which one?', 'webhook: Which one?']);
    expect(await briefOf(briefId)).toMatchObject({ escalateAt: null });
  });

  test('may be another choice for a task', async () => {
    await twoChannels();
    const [first, second] = await world.ada.channel.list();
    const { id: taskId } = await world.createTask({ automationMode: null, heartbeatInterval: null });
    await world.ada.channel.setForTask({
      taskId,
      channelId: first?.id ?? '',
      rules: { unanswered: 'at-once' },
    });
    await world.ada.channel.setForTask({
      taskId,
      channelId: second?.id ?? '',
      rules: { unanswered: 'never' },
    });
    world.agent.next({ kind: 'done', content: 'Done', briefs: [QUESTION] });
    await world.runNow(taskId);
    await world.deliveries.idle();
    await pass(4 * HOUR_MS);
    expect(arrived()).toEqual(['webhook: Which one?', 'webhook: Asked again, waiting for 4 h: Which one?']);
  });

  test('do not ask again what has not reached them for the first time', async () => {
    await world.ada.channel.create({ kind: 'webhook', config: WEBHOOK, rules: { unanswered: 'at-once' } });
    outbox.answer('is away');
    await ask();
    for (let hour = 0; hour < 6; hour += 1) await pass(HOUR_MS);
    outbox.answer('takes');
    await pass(HOUR_MS);
    expect(outbox.arrived().map(({ title }) => title)).toEqual(['Which one?']);
    const { items } = await world.ada.delivery.list();
    expect(items.map(({ kind, status }) => `${kind} ${status}`)).toEqual(['needs-me sent']);
  });
});

test('a message says what is chosen if nobody answers, in the zone of its receiver', async () => {
  await twoChannels();
  await world.ada.system.setBudget({ timezone: 'Asia/Kolkata' });
  await ask({
    actions: [{ key: 'wait', label: 'Wait' }],
    expiry: { action: 'wait', at: new Date(world.clock.now().getTime() + 24 * HOUR_MS).toISOString() },
  });
  const text = outbox.attempts.at(-1)?.message.text ?? '';
  expect(text).toMatch(/^A or B\n\nIf nobody answers by .* GMT\+5:30, “Wait” is chosen\.$/);
});
