import type { AgentBrief } from '@everbeat/agents';
import { LIMITS } from '@everbeat/domain';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTelegramServer, type TelegramServer } from '../../packages/channels/test/telegramServer';
import { type ApiWorld, createApiWorld } from '../support/apiWorld';
import { heldFor } from '../support/statementFaults';

/** From the run that asks to the person who answers in a chat, by a stand-in for Telegram. */

const TOKEN = '123456:AAtelegramsecrettelegramsecret';

let telegram: TelegramServer;
let world: ApiWorld;
let taskId: string;
beforeEach(async () => {
  telegram = await startTelegramServer();
  world = await createApiWorld({ env: { NOTIFY_ALLOW_PRIVATE_URLS: '1' } });
  telegram.keepTime(world.clock);
  taskId = await world.startTask();
});
afterEach(async () => {
  await world.bots.stop();
  await world.deliveries.idle();
  await world.close();
  await telegram.close();
});

const config = (chatId = '42') => ({ botToken: TOKEN, chatId, apiUrl: telegram.url });

/** A channel whose bot this server asks for what is sent to it. */
async function connected(): Promise<void> {
  await world.ada.channel.create({ kind: 'telegram', config: config() });
  world.bots.start();
  await telegram.isAsked();
}

async function asks(brief: Partial<AgentBrief> = {}): Promise<void> {
  const question = {
    type: 'decision',
    priority: 'urgent',
    title: 'Go out?',
    summary: 'All **green**',
  } as const;
  world.agent.next({ kind: 'done', content: 'Done', briefs: [{ ...question, ...brief }] });
  await world.beat(taskId);
  await world.deliveries.idle();
}

/** Waits until what was done in the chat is done here. */
async function done(updateId: number): Promise<void> {
  await telegram.confirmed(updateId);
  await world.deliveries.idle();
}

const brief = async () => {
  const [newest] = (await world.ada.brief.list({ taskId })).items;
  if (newest === undefined) throw new Error('There is no brief');
  return newest;
};
const notes = () =>
  telegram.calls.filter(({ method }) => method === 'answerCallbackQuery').map(({ body }) => body.text);
const texts = (): string[] => telegram.messages.map(({ text }) => text);
const comments = async () =>
  (await world.ada.task.detail({ id: taskId })).comments.map(({ content }) => content);

describe('a button in Telegram', () => {
  test('answers from a chat that no address of this server is known to, and the task goes on once', async () => {
    await connected();
    await asks();
    expect(telegram.lastMessage().buttons.map(({ text }) => text)).toEqual(['Approve', 'Decline', 'Dismiss']);

    await done(telegram.press('Approve'));

    expect(await brief()).toMatchObject({ resolvedAction: 'approve', resolvedEffect: { kind: 'runs-now' } });
    expect(notes()).toEqual(['Answered: Approve']);
    expect(telegram.lastMessage()).toMatchObject({
      text: expect.stringContaining('Answered: Approve'),
      buttons: [],
    });
    world.agent.next({ kind: 'done', content: 'Gone on' });
    await world.beat(taskId);
    expect((await world.task(taskId)).totalTopics).toBe(2);
  });

  test('answers once, whatever is pressed next', async () => {
    await connected();
    await asks();
    const { buttons } = telegram.lastMessage();
    const message = { ...telegram.lastMessage(), buttons };
    telegram.press('Approve', { message });
    await done(telegram.press('Decline', { message }));
    expect(await brief()).toMatchObject({ resolvedAction: 'approve' });
    expect(notes()).toEqual(['Answered: Approve', 'Was answered already: Approve']);
  });

  test('says so when the page was faster, and the message loses its buttons then', async () => {
    await connected();
    await asks();
    const message = { ...telegram.lastMessage() };
    await world.ada.brief.resolve({ id: (await brief()).id, action: 'decline' });
    await done(telegram.press('Approve', { message }));
    expect(notes()).toEqual(['Was answered already: Decline']);

    expect(telegram.lastMessage().buttons, 'the answer can still be taken back').toHaveLength(3);
    await world.clock.advance(11_000);
    await world.watchdog.sweep();
    await world.deliveries.idle();
    expect(telegram.lastMessage()).toMatchObject({
      text: expect.stringContaining('Answered: Decline'),
      buttons: [],
    });
  });

  test('says that nobody has answered once the default was chosen, and so does the message', async () => {
    await connected();
    await asks({ expiry: { action: 'decline', afterSeconds: 3_600 } });
    const message = { ...telegram.lastMessage() };
    await world.clock.advance(3_601_000);
    await world.watchdog.sweep();
    await world.deliveries.idle();
    expect(telegram.messages[0]).toMatchObject({
      text: expect.stringContaining('Nobody answered in time. Chosen: Decline'),
      buttons: [],
    });

    await done(telegram.press('Approve', { message }));
    expect(notes()).toEqual(['Nobody answered in time. Chosen: Decline']);
  });

  test('whose message Telegram does not edit at once holds up no other message', async () => {
    await connected();
    await asks();
    const letGo = telegram.hold('editMessageText');
    telegram.press('Approve');
    await telegram.called('editMessageText');

    const question = { type: 'decision', priority: 'urgent', title: 'Come back?', summary: 'Yes?' } as const;
    const other = await world.startTask();
    world.agent.next({ kind: 'done', content: 'Done', briefs: [question] });
    await world.beat(other);
    await telegram.called('sendMessage', 2);
    expect(letGo(), 'edits that wait').toBe(1);
    await world.deliveries.idle();
    expect(telegram.messages[0]?.buttons).toEqual([]);
  });

  test('does nothing after a week', async () => {
    await connected();
    await asks();
    await world.bots.stop();
    await world.clock.advance(8 * 86_400_000);
    const later = await world.secondProcess();
    later.bots.start();
    await done(telegram.press('Approve'));
    await later.bots.stop();
    expect(notes()).toEqual([expect.stringMatching(/^Expired/)]);
    expect(telegram.lastMessage().buttons).toEqual([]);
    expect(await brief()).toMatchObject({ resolvedAction: null });
  });

  test('of the chat of another person is not known, whoever sends what stands in it', async () => {
    await world.bob.channel.create({ kind: 'telegram', config: config('7') });
    await connected();
    await asks();
    const token = telegram.lastMessage().buttons[0]?.callback_data ?? '';
    telegram.pressToken(token, { chatId: 7 });
    await done(telegram.pressToken(token, { chatId: 99 }));
    expect(notes()).toEqual([expect.stringContaining('not known'), expect.stringContaining('not known')]);
    expect(await brief()).toMatchObject({ resolvedAction: null });
  });
});

describe('words in Telegram', () => {
  test('that reply to a question are its answer', async () => {
    await connected();
    await asks();
    await done(telegram.write('Only to the testers', { replyTo: telegram.lastMessage() }));
    expect(await brief()).toMatchObject({
      resolvedAction: 'feedback',
      resolvedComment: 'Only to the testers',
    });
    expect(texts().at(-1)).toContain('your answer');
    expect(telegram.messages[0]?.buttons).toEqual([]);
  });

  test('that reply to a message that takes no words are a comment, which the next run reads', async () => {
    await connected();
    await asks({ actions: [{ key: 'left', label: 'Left' }] });
    await done(telegram.write('Mind the step', { replyTo: telegram.lastMessage() }));
    expect(await brief()).toMatchObject({ resolvedAction: null });
    expect(await comments()).toEqual(['Mind the step']);
    expect(texts().at(-1)).toContain('the next run reads it');
  });

  test('that reply to a question of an agent that reads none are a note, and it says that the question waits', async () => {
    await connected();
    await asks({ actions: [{ key: 'left', label: 'Left' }] });
    await world.query(
      `update everbeat.agents set kind = 'watch' where id = (select agent_id from everbeat.tasks where id = $1)`,
      [taskId],
    );
    await done(telegram.write('Mind the step', { replyTo: telegram.lastMessage() }));
    expect(await comments()).toEqual(['Mind the step']);
    expect(texts().at(-1)).toContain('reads no comments');
    expect(texts().at(-1)).toContain('still waits for you');
    expect(await brief()).toMatchObject({ resolvedAction: null });
  });

  test('that reply to a question that was asked anew in another way answer nothing, and are a comment', async () => {
    await connected();
    await asks();
    await world.query(`update everbeat.briefs set title = 'Come back?' where task_id = $1`, [taskId]);
    await done(telegram.write('Only to the testers', { replyTo: telegram.lastMessage() }));
    expect(await brief()).toMatchObject({ resolvedAction: null });
    expect(await comments()).toEqual(['Only to the testers']);
  });

  test('that reply to nothing are not read, which is said once', async () => {
    await connected();
    await asks();
    telegram.write('Hello?');
    await done(telegram.write('Anybody?'));
    expect(texts().filter((text) => text.includes('Anything else I do not read'))).toHaveLength(1);
    expect(await comments()).toEqual([]);
  });

  test('from another chat are ignored, but for /start, which tells its number', async () => {
    await connected();
    await asks();
    telegram.write('Let me in', { replyTo: telegram.lastMessage(), chatId: 99 });
    await done(telegram.write('/start', { chatId: 99 }));
    expect(texts().at(-1)).toContain('The number of this chat is 99.');
    expect(telegram.messages).toHaveLength(2);
    expect(await comments()).toEqual([]);
  });
});

describe('what comes twice', () => {
  test('an answer, after a crash before it was recorded, is given once', async () => {
    await connected();
    await asks({ actions: [{ key: 'left', label: 'Left' }] });
    const message = { ...telegram.lastMessage() };
    const said = telegram.write('Mind the step', { replyTo: message });
    await done(telegram.press('Left', { message }));
    await world.bots.stop();
    const [before] = await world.query<{ revision: number }>(
      'select revision from everbeat.tasks where id = $1',
      [taskId],
    );

    // As if the process had died before it recorded what it has done.
    await world.query(`update everbeat.polled_bots set handled_updates = '{}'`);
    telegram.sendAgain(said);
    telegram.sendAgain(said + 1);
    const next = await world.secondProcess();
    next.bots.start();
    await telegram.confirmed(said + 1);
    await next.bots.stop();

    expect(await comments()).toEqual(['Mind the step']);
    expect(await brief()).toMatchObject({ resolvedAction: 'left' });
    const after = await world.query('select revision from everbeat.tasks where id = $1', [taskId]);
    expect(after).toEqual([before]);
  });

  test('an update is handled once', async () => {
    await connected();
    await asks();
    const id = telegram.write('Hello?');
    await done(id);
    // By then the person would be told again.
    await world.clock.advance(61_000);
    telegram.sendAgain(id);
    await telegram.confirmed(id);
    expect(texts().filter((text) => text.includes('Anything else'))).toHaveLength(1);
  });

  test('a comment under the id of an update from before a quiet week is another comment', async () => {
    await connected();
    await asks({ actions: [{ key: 'left', label: 'Left' }] });
    const said = telegram.write('Mind the step', { replyTo: telegram.messages[0] });
    await done(said);
    await world.bots.stop();
    // A hundred updates later nobody remembers that one.
    await world.query(`update everbeat.polled_bots set handled_updates = array[handled_updates[1] + 100]`);
    telegram.continueAt(said);
    const next = await world.secondProcess();
    next.bots.start();
    await telegram.confirmed(telegram.write('And the door', { replyTo: telegram.messages[0] }));
    await next.bots.stop();
    expect((await comments()).toSorted()).toEqual(['And the door', 'Mind the step']);
  });

  test('ids that begin anew after a quiet week are read', async () => {
    await connected();
    await asks();
    await done(telegram.write('Hello?'));
    telegram.continueAt(3);
    await done(telegram.press('Approve', { message: telegram.messages[0] }));
    expect(await brief()).toMatchObject({ resolvedAction: 'approve' });
  });
});

describe('a bot', () => {
  test('is asked by one server alone, and by the next one once that has ended', async () => {
    await connected();
    const second = await world.secondProcess();
    second.bots.start();
    await asks();
    await done(telegram.press('Approve'));
    await world.bots.stop();
    await world.clock.advance(31_000);
    await telegram.isAsked();
    await second.bots.stop();
    expect(telegram.conflicts()).toBe(0);
  });

  test('that has a webhook is told of with the remedy, and its messages have links', async () => {
    telegram.setWebhook(true);
    await world.ada.channel.create({ kind: 'telegram', config: config() });
    world.bots.start();
    const asked = () => telegram.calls.filter(({ method }) => method === 'getUpdates').length;
    await expect.poll(() => world.clock.advance(10_000).then(asked), { interval: 20 }).toBeGreaterThan(1);
    expect(telegram.webhook()?.url, 'it is not this server that has set it').toContain('elsewhere');
    await asks();
    expect(telegram.lastMessage().buttons).toEqual([]);
    expect(telegram.lastMessage().text).toMatch(/Approve: http:\/\/localhost:3000\/a\//);
    expect((await world.ada.channel.list())[0]?.receiving).toMatchObject({
      isOn: false,
      problem: expect.stringContaining('deleteWebhook'),
    });
  });

  test('names the chats that have written to it, and confirms nothing by that', async () => {
    const { botToken, apiUrl } = config();
    telegram.write('Hello?');
    const unread = telegram.write('/start', { chatId: 7 });
    const found = {
      chats: [expect.objectContaining({ id: '7' }), { id: '42', title: 'Ada' }],
      problem: null,
    };
    expect(await world.ada.channel.findChats({ botToken, apiUrl })).toEqual(found);
    expect(await world.ada.channel.findChats({ botToken, apiUrl })).toEqual(found);
    await connected();
    await telegram.confirmed(unread);
  });

  test('that a server asks is not asked for its chats by another call, which would end the first', async () => {
    await connected();
    const { botToken, apiUrl } = config();
    expect(await world.ada.channel.findChats({ botToken, apiUrl })).toEqual({
      chats: [],
      problem: expect.stringContaining('/start'),
    });
    expect(telegram.conflicts()).toBe(0);
  });

  test('is left alone as long as Telegram asks', async () => {
    telegram.failNext('getUpdates', {
      status: 429,
      description: 'Too Many Requests',
      parameters: { retry_after: 20 },
    });
    await world.ada.channel.create({ kind: 'telegram', config: config() });
    world.bots.start();
    await telegram.called('getUpdates');
    await world.clock.advance(19_000);
    expect(telegram.calls).toHaveLength(1);
    await world.clock.advance(2_000);
    await telegram.isAsked();
  });

  test('of a server that does not wait is asked once a second, and not without end', async () => {
    telegram.stopWaiting();
    await world.ada.channel.create({ kind: 'telegram', config: config() });
    world.bots.start();
    await telegram.called('getUpdates', 2);
    // As many round trips as would have let it ask again.
    for (let trip = 0; trip < 20; trip += 1) await world.ada.channel.list();
    expect(telegram.calls).toHaveLength(2);
    await world.clock.advance(1_000);
    await telegram.called('getUpdates', 3);
  });

  test('whose server sends again what was confirmed is asked once a second, and not without end', async () => {
    await connected();
    await asks();
    const first = telegram.write('Hello?');
    await done(telegram.write('Anybody?'));
    await telegram.isAsked();
    telegram.sendAgain(first);
    const asked = telegram.calls.filter(({ method }) => method === 'getUpdates').length;
    for (let trip = 0; trip < 20; trip += 1) await world.ada.channel.list();
    expect(telegram.calls.filter(({ method }) => method === 'getUpdates')).toHaveLength(asked);
    await world.clock.advance(1_000);
    await telegram.called('getUpdates', asked + 1);
  });

  test('passes on what comes after a press that other sessions hold up for long, and says so of that', async () => {
    await connected();
    await asks();
    const message = { ...telegram.lastMessage() };
    const heldUp = heldFor(world.testDatabase, 'everbeat_read_answer_link', LIMITS.botUpdateTriesMax);
    telegram.press('Approve', { message });
    telegram.press('Decline', { message });
    await expect
      .poll(() => world.clock.advance(61_000).then(() => texts().length), { interval: 20, timeout: 20_000 })
      .toBe(3);
    await heldUp;
    // Telegram takes no note any more.
    expect(texts().slice(1)).toEqual(['That did not work. Answer it in Everbeat.', 'Answered: Decline']);
    expect(await brief()).toMatchObject({ resolvedAction: 'decline' });
  });

  test('is asked no more once its channel is gone', async () => {
    await connected();
    const [channel] = await world.ada.channel.list();
    await world.ada.channel.delete({ id: channel?.id ?? '' });
    await expect
      .poll(() => world.query('select key from everbeat.polled_bots'), { interval: 20 })
      .toEqual([]);
  });
});
