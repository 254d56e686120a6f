import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeHttpKind } from '../../../test/contract';
import { exampleContext, exampleMessage } from '../../../test/examples';
import { errorOf, type FarSide, lastJson, startFarSide } from '../../../test/farSide';
import { sendToChannel } from '..';

const TOKEN = '123456:AAtelegramsecrettelegramsecret';

describeHttpKind({
  kind: 'telegram',
  configFor: (url) => ({ botToken: TOKEN, chatId: '42', apiUrl: url }),
  taken: { status: 200, body: { ok: true, result: { message_id: 77 } } },
  externalId: '77',
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
  farSide.answer(200, { ok: true, result: { message_id: 1 } });
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
