import type { ServerResponse } from 'node:http';
import { listenOnLoopback, readText } from '@everbeat/testkit';

interface Button {
  text: string;
  url?: string;
  callback_data?: string;
}

export interface ChatMessage {
  message_id: number;
  chat_id: string;
  text: string;
  buttons: Button[];
}

interface BotCall {
  method: string;
  // biome-ignore lint/suspicious/noExplicitAny: what a test looks into
  body: Record<string, any>;
}

interface Webhook {
  url: string;
  secret_token: string;
  allowed_updates: string[];
  last_error_date?: number;
  last_error_message?: string;
}

type Failure = { status: number; description: string; parameters?: object };

const PRESS_MS = 60_000;

/**
 * A stand-in for the Bot API of Telegram: `getUpdates` waits, confirms, and ends the call of another program.
 */
export interface TelegramServer {
  url: string;
  readonly calls: readonly BotCall[];
  readonly messages: readonly ChatMessage[];
  /** The last message, as it is shown now. */
  lastMessage(): ChatMessage;
  /** A person presses a button of a message. Returns the id of the update. */
  press(label: string, from?: { message?: ChatMessage; chatId?: number }): number;
  /** Something presses a button that nobody was shown. */
  pressToken(token: string, from?: { chatId?: number }): number;
  write(text: string, to?: { replyTo?: ChatMessage; chatId?: number }): number;
  /** Goes on with these ids: also with lower ones, as Telegram does after a quiet week. */
  continueAt(updateId: number): void;
  /** Presses are answered within a minute by this clock, or not at all. Without one, always. */
  keepTime(clock: { now(): Date }): void;
  /** Delivers what was confirmed once more. */
  sendAgain(updateId: number): void;
  /** The next call of a method fails so. */
  failNext(method: string, failure: Failure): void;
  /**
   * Calls of a method get no answer until the function is called that this returns. It tells how many still
   * wait.
   */
  hold(method: string): () => number;
  /** `getUpdates` does not wait any more: it answers at once, although there is nothing. */
  stopWaiting(): void;
  /** Another program has what is sent to the bot reported to itself, so that nobody may ask. */
  setWebhook(isSet: boolean): void;
  /** Where it is reported to; null: nowhere. `token`: of another bot than the first one. */
  webhook(token?: string): Webhook | null;
  /** Reports go to this server, whatever the address of the webhook. */
  reportTo(origin: string): void;
  /** Reports once more what was not taken. */
  reportAgain(): void;
  /** Resolves once an update was reported so often, to the status of the last report. */
  reported(updateId: number, times?: number): Promise<number>;
  /** How often a program ended the call of another one. */
  conflicts(): number;
  /** Resolves once a call waits for what is sent. */
  isAsked(): Promise<void>;
  /** Resolves once an update is confirmed. */
  confirmed(updateId: number): Promise<void>;
  /** Resolves once a method was called so often. */
  called(method: string, times?: number): Promise<void>;
  close(): Promise<void>;
}

export async function startTelegramServer(): Promise<TelegramServer> {
  const calls: BotCall[] = [];
  const messages: ChatMessage[] = [];
  const failures = new Map<string, Failure[]>();
  const sent = new Map<number, object>();
  const confirmed = new Set<number>();
  const checks = new Set<() => void>();
  const held = new Map<string, { response: ServerResponse; act: () => void }[]>();
  let queue: number[] = [];
  let waiting: ServerResponse | null = null;
  const reports = new Map<number, number[]>();
  /** By the tokens of their bots. What is sent is sent to the first bot. */
  const webhooks = new Map<string, Webhook>();
  const pressedAt = new Map<string, number>();
  let nowMs = (): number => 0;
  let firstBot = '';
  let reportsTo: string | null = null;
  let isWaiting = true;
  let nextId = 1_000;
  let written = 9_000;
  let conflicts = 0;

  const changed = (): void => {
    for (const check of checks) check();
  };
  const until = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!holds()) return;
        checks.delete(check);
        resolve();
      };
      checks.add(check);
      check();
    });
  const answer = (response: ServerResponse, result: unknown): void => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ok: true, result }));
  };
  const refuse = (response: ServerResponse, { status, ...failure }: Failure): void => {
    response.writeHead(status).end(JSON.stringify({ ok: false, error_code: status, ...failure }));
  };
  const flush = (): void => {
    if (waiting === null || queue.length === 0) return;
    const response = waiting;
    waiting = null;
    answer(
      response,
      queue.map((id) => sent.get(id)),
    );
  };
  const report = async (updateId: number): Promise<void> => {
    const webhook = webhooks.get(firstBot);
    if (webhook === undefined || reportsTo === null) return;
    const { url, secret_token } = webhook;
    const response = await fetch(`${reportsTo}${new URL(url).pathname}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret_token },
      body: JSON.stringify(sent.get(updateId)),
    });
    if (response.ok) {
      confirmed.add(updateId);
      queue = queue.filter((id) => id !== updateId);
    }
    reports.set(updateId, [...(reports.get(updateId) ?? []), response.status]);
    changed();
  };
  const reportAll = (): void => {
    for (const id of queue) void report(id);
  };
  const getUpdates = (response: ServerResponse, { offset, timeout }: BotCall['body']): void => {
    if (webhooks.has(firstBot)) {
      const description = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook";
      refuse(response, { status: 409, description });
      return;
    }
    if (waiting !== null) {
      conflicts += 1;
      const description = 'Conflict: terminated by other getUpdates request';
      refuse(waiting, { status: 409, description });
      waiting = null;
    }
    const place = queue.indexOf(offset - 1);
    if (place >= 0) {
      for (const id of queue.slice(0, place + 1)) confirmed.add(id);
      queue = queue.slice(place + 1);
    }
    if (queue.length === 0 && (timeout === 0 || !isWaiting)) {
      answer(response, []);
      return;
    }
    waiting = response;
    response.on('close', () => {
      if (waiting === response) waiting = null;
    });
    flush();
  };
  const buttonsOf = (body: BotCall['body']): Button[] => body.reply_markup?.inline_keyboard?.flat() ?? [];
  const methods: Record<string, (response: ServerResponse, body: BotCall['body'], bot: string) => void> = {
    getUpdates,
    sendMessage(response, body) {
      const message = {
        message_id: 500 + messages.length,
        chat_id: String(body.chat_id),
        text: body.text,
        buttons: buttonsOf(body),
      };
      messages.push(message);
      answer(response, { message_id: message.message_id, chat: { id: Number(message.chat_id) } });
    },
    editMessageText(response, body) {
      const message = messages.find(({ message_id }) => message_id === body.message_id);
      if (message === undefined) {
        refuse(response, { status: 400, description: 'Bad Request: message to edit not found' });
        return;
      }
      message.text = body.text;
      message.buttons = buttonsOf(body);
      answer(response, { message_id: message.message_id });
    },
    editMessageReplyMarkup(response, body) {
      const message = messages.find(({ message_id }) => message_id === body.message_id);
      if (message !== undefined) message.buttons = buttonsOf(body);
      answer(response, true);
    },
    answerCallbackQuery(response, { callback_query_id: id }) {
      const description = 'Bad Request: query is too old and response timeout expired or query ID is invalid';
      if (nowMs() - (pressedAt.get(id) ?? 0) > PRESS_MS) refuse(response, { status: 400, description });
      else answer(response, true);
    },
    getWebhookInfo(response, _body, bot) {
      const { url = '', ...told } = webhooks.get(bot) ?? {};
      const { secret_token: _, ...shown } = { secret_token: '', ...told };
      answer(response, { url, has_custom_certificate: false, pending_update_count: queue.length, ...shown });
    },
    setWebhook(response, { url, secret_token, allowed_updates }, bot) {
      webhooks.set(bot, { url, secret_token, allowed_updates });
      answer(response, true);
      reportAll();
    },
    deleteWebhook(response, _body, bot) {
      webhooks.delete(bot);
      answer(response, true);
    },
  };
  const server = await listenOnLoopback(async (request, response) => {
    const [bot = '', method = ''] = (request.url ?? '').split('/').slice(-2);
    if (firstBot === '') {
      firstBot = bot;
      const early = webhooks.get('');
      if (early !== undefined) webhooks.set(bot, early);
    }
    const body = JSON.parse(await readText(request));
    calls.push({ method, body });
    const failure = failures.get(method)?.shift();
    const act = (): void =>
      failure === undefined ? methods[method]?.(response, body, bot) : refuse(response, failure);
    const waits = held.get(method);
    if (waits === undefined) act();
    else waits.push({ response, act });
    changed();
  });

  const push = (fields: object): number => {
    const update_id = nextId++;
    sent.set(update_id, { update_id, ...fields });
    confirmed.delete(update_id);
    queue.push(update_id);
    flush();
    void report(update_id);
    return update_id;
  };
  const lastMessage = (): ChatMessage => {
    const message = messages.at(-1);
    if (message === undefined) throw new Error('No message was sent');
    return message;
  };
  const shown = ({ message_id, text }: ChatMessage, chatId: number) => ({
    message_id,
    text,
    date: 1,
    chat: { id: chatId, type: 'private', first_name: 'Ada' },
  });
  const press = (data: string, message: ChatMessage, chatId: number): number => {
    const from = { id: chatId, is_bot: false, first_name: 'Ada' };
    const callback_query = { id: `press-${nextId}`, from, data, message: shown(message, chatId) };
    pressedAt.set(callback_query.id, nowMs());
    return push({ callback_query });
  };
  return {
    url: server.url,
    calls,
    messages,
    lastMessage,
    press(label, { message = lastMessage(), chatId = 42 } = {}) {
      const data = message.buttons.find(({ text }) => text === label)?.callback_data;
      if (data === undefined) throw new Error(`There is no button ${label}`);
      return press(data, message, chatId);
    },
    pressToken: (token, { chatId = 42 } = {}) => press(token, lastMessage(), chatId),
    write(text, { replyTo, chatId = 42 } = {}) {
      written += 1;
      const message = { ...shown({ message_id: written, chat_id: '', text, buttons: [] }, chatId) };
      const reply = replyTo === undefined ? {} : { reply_to_message: shown(replyTo, chatId) };
      return push({ message: { ...message, ...reply } });
    },
    continueAt(updateId) {
      nextId = updateId;
    },
    keepTime(clock) {
      nowMs = () => clock.now().getTime();
    },
    sendAgain(updateId) {
      queue.push(updateId);
      confirmed.delete(updateId);
      flush();
      void report(updateId);
    },
    failNext(method, failure) {
      failures.set(method, [...(failures.get(method) ?? []), failure]);
    },
    hold(method) {
      held.set(method, []);
      return () => {
        const waits = (held.get(method) ?? []).filter(({ response }) => !response.destroyed);
        held.delete(method);
        for (const { act } of waits) act();
        return waits.length;
      };
    },
    stopWaiting() {
      isWaiting = false;
    },
    setWebhook(isSet) {
      if (isSet)
        webhooks.set(firstBot, {
          url: 'https://elsewhere.example.com/hook',
          secret_token: '',
          allowed_updates: [],
        });
      else webhooks.delete(firstBot);
    },
    webhook: (token) => webhooks.get(token === undefined ? firstBot : `bot${token}`) ?? null,
    reportTo(origin) {
      reportsTo = origin;
    },
    reportAgain: reportAll,
    async reported(updateId, times = 1) {
      await until(() => (reports.get(updateId) ?? []).length >= times);
      return reports.get(updateId)?.at(-1) ?? 0;
    },
    conflicts: () => conflicts,
    isAsked: () => until(() => waiting !== null),
    confirmed: (updateId) => until(() => confirmed.has(updateId)),
    called: (method, times = 1) =>
      until(() => calls.filter((call) => call.method === method).length >= times),
    close: () => server.close(),
  };
}
