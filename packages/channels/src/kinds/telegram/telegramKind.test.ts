import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeHttpKind } from '../../../test/contract';
import { exampleContext, exampleMessage } from '../../../test/examples';
import { errorOf, type FarSide, lastJson, startFarSide } from '../../../test/farSide';
import { closeMessage, sendToChannel } from '..';
import { TelegramBot } from './TelegramBot';

const TOKEN = '123456:AAtelegramsecrettelegramsecret';

describeHttpKind({
  kind: 'telegram',
  configFor: (url) => ({ botToken: TOKEN, chatId: '42', apiUrl: url }),
  taken: { status: 200, body: { ok: true, result: { message_id: 77, chat: { id: 42 } } } },
  externalId: '42:77',
  secrets: [TOKEN],
  misconfigured: [
    { botToken: 'short', chatId: '42' },
    { botToken: TOKEN, chatId: 'my chat' },
  ],
});

let farSide: FarSide;
beforeEach(async () => {
  farSide = await startFarSide();
});
afterEach(() => farSide.close());

const send = (chatId: unknown = '42') =>
  sendToChannel(
    { kind: 'telegram', config: { botToken: TOKEN, chatId, apiUrl: farSide.url } },
    exampleMessage(),
    exampleContext(),
  );

it('calls sendMessage of the bot for the chat, with the answers as buttons', async () => {
  farSide.answer(200, { ok: true, result: { message_id: 1, chat: { id: 42 } } });
  await send(-1_001);
  expect(farSide.calls[0]?.path).toBe(`/bot${TOKEN}/sendMessage`);
  expect(lastJson(farSide)).toMatchObject({
    chat_id: '-1001',
    parse_mode: 'HTML',
    reply_markup: {
      inline_keyboard: [
        [
          { text: 'Approve', url: 'https://everbeat.example.com/a/token-1' },
          { text: 'Decline', url: 'https://everbeat.example.com/a/token-2' },
        ],
        [{ text: 'Open in Everbeat' }],
      ],
    },
  });
});

it.each([
  ['Bad Request: chat not found', 'Start'],
  ['Bad Request: not enough rights to send text messages to the chat', 'administrator'],
])('asks a person for what Telegram calls a bad request: %s', async (description, remedy) => {
  farSide.answer(400, { ok: false, error_code: 400, description });
  expect(await errorOf(send())).toMatchObject({
    kind: 'needs-person',
    message: expect.stringContaining(remedy),
  });
});

it('tells the new number of a group that has become a supergroup', async () => {
  const description = 'Bad Request: group chat was upgraded to a supergroup chat';
  farSide.answer(400, { ok: false, description, parameters: { migrate_to_chat_id: -100_123 } });
  expect(await errorOf(send())).toMatchObject({
    kind: 'needs-person',
    message: expect.stringContaining('-100123'),
  });
});

it('waits as long as Telegram says in its body', async () => {
  farSide.answer(429, { ok: false, description: 'Too Many Requests', parameters: { retry_after: 7 } });
  expect(await errorOf(send())).toMatchObject({ kind: 'transient', retryAfterSeconds: 7 });
});

const chat = () =>
  ({ kind: 'telegram', config: { botToken: TOKEN, chatId: 42, apiUrl: farSide.url } }) as const;

it('has buttons that this server hears of where it asks for them, also without a public address', async () => {
  farSide.answer(200, { ok: true, result: { message_id: 1, chat: { id: 42 } } });
  const message = exampleMessage({
    url: 'http://localhost:3000/?brief=7',
    actions: [
      { key: 'approve', label: 'Approve', url: 'http://localhost:3000/a/token-1', token: 'token-1' },
      { key: 'feedback', label: 'Give feedback', url: 'http://localhost:3000/a/token-2', token: 'token-2' },
    ],
  });
  const sent = await sendToChannel(chat(), message, exampleContext({ takesPresses: true }));
  expect(sent).toEqual({ externalId: '42:1', isOpen: true });
  expect(lastJson(farSide)).toMatchObject({
    text: expect.stringContaining('Reply to this message'),
    reply_markup: { inline_keyboard: [[{ text: 'Approve', callback_data: 'token-1' }]] },
  });
});

it('shows in a message what it was answered with, and takes its buttons away', async () => {
  farSide.answer(200, { ok: true, result: { message_id: 77, chat: { id: 42 } } });
  const answered = { externalId: '42:77', message: exampleMessage(), outcome: 'Answered: Approve' };
  await closeMessage(chat(), answered, exampleContext());
  expect(farSide.calls[0]?.path).toBe(`/bot${TOKEN}/editMessageText`);
  expect(lastJson(farSide)).toMatchObject({
    chat_id: '42',
    message_id: 77,
    text: expect.stringContaining('Answered: Approve'),
    reply_markup: { inline_keyboard: [[{ text: 'Open in Everbeat' }]] },
  });
});

it('edits a message in the chat that it was sent to, although the channel has another one since', async () => {
  farSide.answer(200, { ok: true, result: true });
  const answered = { externalId: '-1007:77', message: exampleMessage(), outcome: 'Answered: Approve' };
  await closeMessage(chat(), answered, exampleContext());
  expect(lastJson(farSide)).toMatchObject({ chat_id: '-1007', message_id: 77 });
});

it('takes a message that shows it already as edited', async () => {
  farSide.answer(400, { ok: false, description: 'Bad Request: message is not modified: it is the same' });
  const answered = { externalId: '42:77', message: exampleMessage(), outcome: 'Answered: Approve' };
  await closeMessage(chat(), answered, exampleContext());
});

it.each([
  ["Conflict: can't use getUpdates method while webhook is active", 'deleteWebhook'],
  ['Conflict: terminated by other getUpdates request', 'Another program'],
])('says what keeps it from what is sent to a bot: %s', async (description, remedy) => {
  farSide.answer(409, { ok: false, description });
  const { signal, ...context } = exampleContext();
  const bot = new TelegramBot({ botToken: TOKEN, apiUrl: farSide.url }, context);
  expect(await errorOf(bot.updates({ offset: null, waitSeconds: 0 }, signal))).toMatchObject({
    kind: 'needs-person',
    message: expect.stringContaining(remedy),
  });
});

it('reads what is sent to a bot, however much it is', async () => {
  const message = { message_id: 1, chat: { id: 42, first_name: 'Ada' }, text: '\u{1f6a2}'.repeat(2_048) };
  const result = Array.from({ length: 20 }, (_, at) => ({ update_id: at, message }));
  farSide.answer(200, { ok: true, result: [...result, { update_id: 'odd' }, null] });
  const { signal, ...context } = exampleContext();
  const bot = new TelegramBot({ botToken: TOKEN, apiUrl: farSide.url }, context);
  expect(await bot.updates({ offset: 5, waitSeconds: 50 }, signal)).toHaveLength(20);
  expect(lastJson(farSide)).toMatchObject({ offset: 5, timeout: 50 });
});

const LINKS = [
  [
    { text: 'Approve', url: 'https://everbeat.example.com/a/token-1' },
    { text: 'Decline', url: 'https://everbeat.example.com/a/token-2' },
  ],
  [{ text: 'Open in Everbeat', url: expect.any(String) }],
];
const LONG_LABEL = {
  key: 'approve',
  label: 'Order the boxes that were chosen: all 120',
  url: 'https://x.example/a/1',
};

it.each([
  ['text', { text: 'All of it. '.repeat(400) }],
  ['text, before it came here', { isCut: true }],
  ['text, when it is asked again', { kind: 'unanswered', isCut: true } as const],
])('answers by links where not all that is asked is shown: %s', async (_what, fields) => {
  farSide.answer(200, { ok: true, result: { message_id: 1, chat: { id: 42 } } });
  await sendToChannel(chat(), exampleMessage(fields), exampleContext({ takesPresses: true }));
  expect(lastJson(farSide)).toMatchObject({
    text: expect.stringContaining('Not all of it is shown here'),
    reply_markup: { inline_keyboard: LINKS },
  });
});

it('answers by links where a button does not show all of its option', async () => {
  farSide.answer(200, { ok: true, result: { message_id: 1, chat: { id: 42 } } });
  const message = exampleMessage({ actions: [{ ...LONG_LABEL, token: 'token-1' }] });
  await sendToChannel(chat(), message, exampleContext({ takesPresses: true }));
  expect(JSON.stringify(lastJson(farSide))).not.toContain('callback_data');
});

it('has its buttons under a failure that is told in part, which asks for nothing to be agreed to', async () => {
  farSide.answer(200, { ok: true, result: { message_id: 1, chat: { id: 42 } } });
  const message = exampleMessage({ kind: 'failed', isCut: true });
  await sendToChannel(chat(), message, exampleContext({ takesPresses: true }));
  expect(JSON.stringify(lastJson(farSide))).toContain('"callback_data":"token-1"');
});

it('offers a reply only where the question takes words', async () => {
  farSide.answer(200, { ok: true, result: { message_id: 1, chat: { id: 42 } } });
  await sendToChannel(chat(), exampleMessage(), exampleContext({ takesPresses: true }));
  expect(lastJson(farSide)).toMatchObject({ text: expect.not.stringContaining('Reply to this message') });
});
