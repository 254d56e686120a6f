import { createHash, randomBytes } from 'node:crypto';
import { skipRestored } from '@everbeat/database';
import { LIMITS } from '@everbeat/domain';
import { type FakeQStash, type LoopbackServer, listenOnLoopback, startFakeQStash } from '@everbeat/testkit';
import { getRequestListener } from '@hono/node-server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createApp } from '@/server/http/app';
import { startTelegramServer, type TelegramServer } from '../../packages/channels/test/telegramServer';
import { type ApiWorld, createApiWorld } from '../support/apiWorld';
import { awayFor, heldFor } from '../support/statementFaults';
import { createWorld } from '../support/world';

/** What people send to a bot, as Telegram reports it to a server in queue mode, over HTTP. */

const TOKEN = '123456:AAtelegramsecrettelegramsecret';
const OTHER_TOKEN = '654321:AAothersecretothersecretother';
const APP_URL = 'https://everbeat.example.com';
const newKey = (): string => randomBytes(32).toString('base64');
const KEY = newKey();

let telegram: TelegramServer;
let qstash: FakeQStash;
let server: LoopbackServer;
let world: ApiWorld;
let taskId: string;
beforeEach(async () => {
  // Only the tests deliver what is published.
  [telegram, qstash] = await Promise.all([startTelegramServer(), startFakeQStash({ autoDeliver: false })]);
  world = await createApiWorld({ env: settings() });
  const app = createApp({ env: world.env, logger: world.logger, container: async () => world });
  server = await listenOnLoopback(getRequestListener(app.fetch));
  telegram.reportTo(server.url);
  taskId = await world.startTask();
});
afterEach(async () => {
  await world.expectSound();
  await world.close();
  await server.close();
  await telegram.close();
  await qstash.close();
});

const settings = (appUrl = APP_URL) => ({
  AGENT_RUNTIME_MODE: 'queue',
  TASK_SCHEDULER: 'qstash',
  NOTIFY_ALLOW_PRIVATE_URLS: '1',
  APP_URL: appUrl,
  ACCESS_PASSWORD: 'the password of this server',
  QSTASH_URL: qstash.url,
  QSTASH_TOKEN: qstash.token,
  DATABASE_URL: 'postgres://of-the-test',
  SECRETS_KEY: KEY,
  QSTASH_CURRENT_SIGNING_KEY: qstash.currentSigningKey,
  QSTASH_NEXT_SIGNING_KEY: qstash.nextSigningKey,
});

const config = (botToken = TOKEN) => ({ botToken, chatId: '42', apiUrl: telegram.url });
/** Telegram cannot report to the server, and says so in these words when it is asked. */
async function cannotReport(words: string): Promise<void> {
  await addChannel();
  const hook = telegram.webhook();
  if (hook === null) throw new Error('There is no webhook');
  telegram.reportTo(`${server.url}/nowhere`);
  await telegram.reported(telegram.write('Hello?'));
  hook.last_error_date = Math.floor(world.clock.now().getTime() / 1_000);
  hook.last_error_message = words;
  await world.ada.channel.test({ id: (await world.ada.channel.list())[0]?.id ?? '' });
}

const addChannel = (botToken = TOKEN, api = world.ada) =>
  api.channel.create({ kind: 'telegram', config: config(botToken) });

/** `sender`: the server that sends the message. */
async function asks(sender: Pick<ApiWorld, 'deliveries'> = world): Promise<void> {
  const question = { type: 'decision', priority: 'urgent', title: 'Go out?', summary: 'Yes?' } as const;
  world.agent.next({ kind: 'done', content: 'Done', briefs: [question] });
  await world.beat(taskId);
  await sender.deliveries.deliver();
}

const count = (method: string): number => telegram.calls.filter((call) => call.method === method).length;
const notes = () =>
  telegram.calls.filter(({ method }) => method === 'answerCallbackQuery').map(({ body }) => body.text);
const resolution = async () => (await world.ada.brief.list({ taskId })).items[0]?.resolvedAction;
const receiving = async () => (await world.ada.channel.list())[0]?.receiving;
const pathOfBot = (): string => new URL(telegram.webhook()?.url ?? APP_URL).pathname;

/** A report that Telegram has not sent. */
async function forged(
  path: string,
  secret: string | null,
  body = '{}',
): Promise<{ status: number; text: string }> {
  const headers = {
    'content-type': 'application/json',
    ...(secret !== null && { 'x-telegram-bot-api-secret-token': secret }),
  };
  const response = await fetch(`${server.url}${path}`, { method: 'POST', headers, body });
  return { status: response.status, text: await response.text() };
}

describe('a bot of a server in queue mode', () => {
  test('reports to the public address, with a secret that only Telegram knows', async () => {
    const channel = await addChannel();
    expect(channel.receiving).toEqual({ isOn: true, problem: null, requestUrl: null });
    const {
      url,
      secret_token: secret,
      allowed_updates,
    } = telegram.webhook() ?? { url: '', secret_token: '' };
    expect(url).toMatch(new RegExp(`^${APP_URL}/api/channels/telegram/[\\da-f]{64}$`));
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(allowed_updates).toEqual(['message', 'callback_query']);
    const stored = JSON.stringify(await world.query('select * from everbeat.polled_bots'));
    expect(stored).toContain(createHash('sha256').update(secret).digest('hex'));
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain(TOKEN);
  });

  test('passes on a press without a password, and the message shows the answer', async () => {
    await addChannel();
    await asks();
    expect(telegram.lastMessage().buttons.map(({ text }) => text)).toContain('Approve');

    expect(await telegram.reported(telegram.press('Approve'))).toBe(200);

    expect(await resolution()).toBe('approve');
    expect(notes()).toEqual(['Answered: Approve']);
    await world.deliveries.deliver();
    expect(telegram.lastMessage()).toMatchObject({
      text: expect.stringContaining('Answered: Approve'),
      buttons: [{ text: 'Open in Everbeat' }],
    });
  });

  test('passes on words', async () => {
    await addChannel();
    await asks();
    await telegram.reported(telegram.write('Only to the testers', { replyTo: telegram.lastMessage() }));
    expect(await resolution()).toBe('feedback');
    expect(telegram.lastMessage().text).toContain('your answer');
  });

  test('handles a report once, however often it comes', async () => {
    await addChannel();
    await asks();
    const id = telegram.write('Hello?');
    await telegram.reported(id);
    // By then the person would be told again.
    await world.clock.advance(61_000);
    telegram.sendAgain(id);
    expect(await telegram.reported(id, 2)).toBe(200);
    expect(telegram.messages.filter(({ text }) => text.includes('Anything else'))).toHaveLength(1);
  });

  test('reports again what met a database that was away', async () => {
    await addChannel();
    await asks();
    const away = awayFor(world.testDatabase, 'everbeat_read_answer_link');
    const id = telegram.press('Approve');
    expect(await telegram.reported(id)).toBe(503);
    await away;
    telegram.reportAgain();
    expect(await telegram.reported(id, 2)).toBe(200);
    expect(await resolution()).toBe('approve');
    expect(notes()).toEqual(['Answered: Approve']);
  });

  test('gives up a press that other sessions hold up for long, says so, and takes what comes after it', async () => {
    await addChannel();
    await asks();
    const message = { ...telegram.lastMessage() };
    const heldUp = heldFor(world.testDatabase, 'everbeat_read_answer_link', LIMITS.botUpdateTriesMax);
    const id = telegram.press('Approve', { message });
    for (let tries = 1; tries < LIMITS.botUpdateTriesMax; tries += 1) {
      expect(await telegram.reported(id, tries)).toBe(503);
      telegram.reportAgain();
    }
    expect(await telegram.reported(id, LIMITS.botUpdateTriesMax)).toBe(200);
    await heldUp;
    expect(notes()).toEqual(['That did not work. Answer it in Everbeat.']);
    expect(await telegram.reported(telegram.press('Decline', { message }))).toBe(200);
    expect(await resolution()).toBe('decline');
  });

  test('reports again what met a server without the key of the secrets', async () => {
    await addChannel();
    await asks();
    const keyless = await createWorld({
      database: world.testDatabase,
      clock: world.clock,
      env: { ...settings(), SECRETS_KEY: newKey() },
    });
    const app = createApp({ env: keyless.env, logger: keyless.logger, container: async () => keyless });
    const other = await listenOnLoopback(getRequestListener(app.fetch));
    telegram.reportTo(other.url);
    const id = telegram.press('Approve');
    expect(await telegram.reported(id)).toBe(503);
    await other.close();
    telegram.reportTo(server.url);
    telegram.reportAgain();
    expect(await telegram.reported(id, 2)).toBe(200);
    expect(await resolution()).toBe('approve');
  });

  test('takes nothing from whoever does not know its secret, and does not read it', async () => {
    await addChannel();
    const path = pathOfBot();
    const secret = telegram.webhook()?.secret_token ?? '';
    await addChannel(OTHER_TOKEN, world.bob);
    const others = telegram.webhook(OTHER_TOKEN)?.secret_token ?? '';
    expect(others).not.toBe('');
    await asks();
    const token = telegram.messages[0]?.buttons[0]?.callback_data;
    const chat = { id: 42 };
    const press = JSON.stringify({
      update_id: 7,
      callback_query: { id: 'x', data: token, message: { message_id: 500, chat } },
    });
    const unknown = `/api/channels/telegram/${'0'.repeat(64)}`;
    const refused = [
      await forged(path, null, press),
      await forged(path, `${secret}x`, press),
      await forged(path, others, press),
      await forged(unknown, secret, press),
      await forged('/api/channels/telegram/x', secret, press),
      await forged(path, 'wrong', 'x'.repeat(500_000)),
    ];
    expect(new Set(refused.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify({ status: 401, text: '{"error":"the secret does not fit"}' })]),
    );
    expect(await resolution()).toBeNull();

    for (const body of [
      '',
      'x'.repeat(500_000),
      'no JSON',
      '[]',
      '{"update_id":-1}',
      `{"update_id":8,"message":${'['.repeat(9_000)}`,
    ])
      expect((await forged(path, secret, body)).status, body.slice(0, 20)).toBe(200);
    expect(await resolution()).toBeNull();
    expect((await forged(path, secret, press)).status).toBe(200);
    expect(await resolution(), 'with the secret it is an answer').toBe('approve');
  });

  test('reports nothing any more once its channel is gone or switched off', async () => {
    const { id } = await addChannel();
    const [path, secret] = [pathOfBot(), telegram.webhook()?.secret_token ?? ''];
    await world.ada.channel.update({ id, isEnabled: false });
    expect(telegram.webhook()).toBeNull();
    expect((await forged(path, secret)).status).toBe(401);

    await world.ada.channel.update({ id, isEnabled: true });
    expect(telegram.webhook()?.secret_token).not.toBe(secret);
    await world.ada.channel.delete({ id });
    expect(telegram.webhook()).toBeNull();
    expect(await world.query('select key from everbeat.polled_bots')).toEqual([]);
  });

  test('is told again that it reports nothing while its channel is switched off', async () => {
    const { id } = await addChannel();
    const refusal = { status: 502, description: 'Bad Gateway' };
    telegram.failNext('deleteWebhook', refusal);
    await world.ada.channel.update({ id, isEnabled: false });
    expect(telegram.webhook()).not.toBeNull();
    await world.watchdog.sweep();
    expect(count('deleteWebhook'), 'it is not asked at once').toBe(1);
    await world.clock.advance(LIMITS.webhookRetrySeconds * 1_000);
    await world.watchdog.sweep();
    expect(telegram.webhook()).toBeNull();
    expect(await world.query('select key from everbeat.polled_bots')).toEqual([]);
  });

  test('is known by its row when Telegram could not be told that its channel is gone', async () => {
    const { id } = await addChannel();
    telegram.failNext('deleteWebhook', { status: 502, description: 'Bad Gateway' });
    await world.ada.channel.delete({ id });
    expect(await world.query('select key from everbeat.polled_bots')).toHaveLength(1);
    await world.watchdog.sweep();
    expect(await addChannel()).toMatchObject({ receiving: { isOn: true, problem: null } });
  });

  test('is left for another one that the channel gets', async () => {
    const { id } = await addChannel();
    const before = pathOfBot();
    await world.ada.channel.update({ id, config: config(OTHER_TOKEN) });
    expect(telegram.webhook()).toBeNull();
    expect(telegram.webhook(OTHER_TOKEN)?.url).toContain(APP_URL);
    expect(await world.query('select key from everbeat.polled_bots')).toHaveLength(1);
    expect((await forged(before, 'any')).status).toBe(401);
  });

  test('that reports to another program is left alone, which is told, and messages have links', async () => {
    telegram.setWebhook(true);
    const channel = await addChannel();
    expect(channel.receiving).toMatchObject({
      isOn: false,
      problem: expect.stringContaining('deleteWebhook'),
    });
    expect(telegram.webhook()?.url).toBe('https://elsewhere.example.com/hook');
    await asks();
    expect(telegram.lastMessage().buttons.map(({ url }) => url)).not.toContain(undefined);

    telegram.setWebhook(false);
    await world.clock.advance(LIMITS.webhookRetrySeconds * 1_000);
    await world.watchdog.sweep();
    expect(await receiving()).toMatchObject({ isOn: true, problem: null });
  });

  test('that Telegram cannot report of is told of, and set anew', async () => {
    await cannotReport('Wrong response from the webhook: 404 Not Found');
    expect(await receiving()).toMatchObject({
      isOn: false,
      problem: expect.stringContaining('404 Not Found'),
    });

    telegram.reportTo(server.url);
    telegram.reportAgain();
    await world.clock.advance(LIMITS.webhookRetrySeconds * 1_000);
    await world.watchdog.sweep();
    expect(await receiving()).toMatchObject({ isOn: true, problem: null });
  });

  test('whose fault Telegram tells in bytes that no database takes is told of, without the token', async () => {
    await cannotReport(`Bad\u0000 answer\nto ${TOKEN}`);
    const problem = (await receiving())?.problem ?? '';
    expect(problem).toContain('Bad answer to');
    expect(problem).not.toContain(TOKEN);
  });

  test('is asked for its chats only while no channel has it', async () => {
    const { botToken, apiUrl } = config();
    const written = telegram.write('/start');
    expect(await world.ada.channel.findChats({ botToken, apiUrl })).toEqual({
      chats: [{ id: '42', title: 'Ada' }],
      problem: null,
    });
    await addChannel();
    expect(await telegram.reported(written), 'what was sent before is reported').toBe(200);
    expect(await world.ada.channel.findChats({ botToken, apiUrl })).toEqual({
      chats: [],
      problem: expect.stringContaining('/start'),
    });
    expect(count('getUpdates')).toBe(1);
  });
});

describe('a pass of the watchdog', () => {
  const moved = () =>
    createWorld({
      database: world.testDatabase,
      clock: world.clock,
      env: settings('https://moved.example.com'),
    });

  test('has a bot report to the address that the server has now', async () => {
    await addChannel();
    const other = await moved();
    await world.clock.advance(LIMITS.webhookRetrySeconds * 1_000);
    await other.watchdog.sweep();
    expect(telegram.webhook()?.url).toMatch(/^https:\/\/moved\.example\.com\/api\/channels\/telegram\//);
    await asks(other);
    expect(await telegram.reported(telegram.press('Approve'))).toBe(200);
  });

  test('looks at a bot that is as it should be four times an hour alone', async () => {
    await addChannel();
    const looked = count('getWebhookInfo');
    for (let pass = 0; pass < 3; pass += 1) await world.watchdog.sweep();
    expect(count('getWebhookInfo')).toBe(looked);
    await world.clock.advance(LIMITS.webhookCheckSeconds * 1_000);
    await world.watchdog.sweep();
    expect(count('getWebhookInfo')).toBe(looked + 1);
    expect(count('setWebhook')).toBe(1);
  });

  test('has a restored bot report to its own server with a new secret', async () => {
    await addChannel();
    const secret = telegram.webhook()?.secret_token ?? '';
    await skipRestored(world.testDatabase.database.pool);
    expect((await forged(pathOfBot(), secret)).status).toBe(401);
    await world.clock.advance(LIMITS.webhookRetrySeconds * 1_000);
    await world.watchdog.sweep();
    expect(telegram.webhook()?.secret_token).not.toBe(secret);
    expect(await receiving()).toMatchObject({ isOn: true });
  });
});

test('a server that asks for itself ends that its bot reports, and hears of what was sent', async () => {
  await addChannel();
  await asks();
  const home = await createWorld({
    database: world.testDatabase,
    clock: world.clock,
    env: { NOTIFY_ALLOW_PRIVATE_URLS: '1', APP_URL: 'http://localhost:3000', SECRETS_KEY: KEY },
  });
  await world.clock.advance(LIMITS.botLeaseSeconds * 1_000);
  const heldUp = awayFor(world.testDatabase, 'everbeat_read_answer_link');
  const press = telegram.press('Approve');
  expect(await telegram.reported(press)).toBe(503);
  await heldUp;
  expect(await telegram.reported(telegram.write('Hello?')), 'a later one is handled').toBe(200);
  telegram.reportTo('http://127.0.0.1:9');
  home.bots.start();
  await expect
    .poll(() => world.clock.advance(1_000).then(() => telegram.webhook()), { interval: 20 })
    .toBeNull();
  await expect
    .poll(() => world.clock.advance(1_000).then(() => count('getUpdates')), { interval: 20 })
    .toBeGreaterThan(1);
  await telegram.confirmed(press);
  const ended = telegram.calls.findIndex(({ method }) => method === 'deleteWebhook');
  const asked = telegram.calls.slice(ended).find(({ method }) => method === 'getUpdates');
  expect(asked?.body, 'what was not taken is not confirmed').not.toHaveProperty('offset');
  expect(await resolution()).toBe('approve');
  await home.bots.stop();
  expect(
    await world.query('select webhook_url, webhook_secret, webhook_set_at from everbeat.polled_bots'),
  ).toEqual([{ webhook_url: null, webhook_secret: null, webhook_set_at: null }]);
});
