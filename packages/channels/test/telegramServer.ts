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

type Failure = { status: number; description: string; parameters?: object };

/** A stand-in for the Bot API of Telegram: `getUpdates` waits, confirms, and ends the call of another program. */
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
  /** Delivers what was confirmed once more. */
  sendAgain(updateId: number): void;
  /** The next call of a method fails so. */
  failNext(method: string, failure: Failure): void;
  /** Calls of a method get no answer until the function is called that this returns. It tells how many still wait. */
  hold(method: string): () => number;
  /** `getUpdates` does not wait any more: it answers at once, although there is nothing. */
  stopWaiting(): void;
  /** The bot has a webhook, so that nobody may ask. */
  setWebhook(isSet: boolean): void;
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
  let waiting: { response: ServerResponse; offset: number | null } | null = null;
  let hasWebhook = false;
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
    const { response } = waiting;
    waiting = null;
    answer(
      response,
      queue.map((id) => sent.get(id)),
    );
  };
  const getUpdates = (response: ServerResponse, { offset, timeout }: BotCall['body']): void => {
    if (hasWebhook) {
      const description = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook";
      refuse(response, { status: 409, description });
      return;
    }
    if (waiting !== null) {
      conflicts += 1;
      const description = 'Conflict: terminated by other getUpdates request';
      refuse(waiting.response, { status: 409, description });
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
    waiting = { response, offset };
    response.on('close', () => {
      if (waiting?.response === response) waiting = null;
    });
    flush();
  };
  const buttonsOf = (body: BotCall['body']): Button[] => body.reply_markup?.inline_keyboard?.flat() ?? [];
  const methods: Record<string, (response: ServerResponse, body: BotCall['body']) => void> = {
    getUpdates,
    sendMessage(response, body) {
      const message = {
        ...{ message_id: 500 + messages.length, chat_id: String(body.chat_id), text: body.text },
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
    answerCallbackQuery: (response) => answer(response, true),
  };
  const server = await listenOnLoopback(async (request, response) => {
    const method = (request.url ?? '').split('/').at(-1) ?? '';
    const body = JSON.parse(await readText(request));
    calls.push({ method, body });
    const failure = failures.get(method)?.shift();
    const act = (): void =>
      failure === undefined ? methods[method]?.(response, body) : refuse(response, failure);
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
    return update_id;
  };
  const lastMessage = (): ChatMessage => {
    const message = messages.at(-1);
    if (message === undefined) throw new Error('No message was sent');
    return message;
  };
  const shown = ({ message_id, text }: ChatMessage, chatId: number) => ({
    ...{ message_id, text, date: 1, chat: { id: chatId, type: 'private', first_name: 'Ada' } },
  });
  const press = (data: string, message: ChatMessage, chatId: number): number => {
    const from = { id: chatId, is_bot: false, first_name: 'Ada' };
    const callback_query = { id: `press-${nextId}`, from, data, message: shown(message, chatId) };
    return push({ callback_query });
  };
  return {
    ...{ url: server.url, calls, messages, lastMessage },
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
    sendAgain(updateId) {
      queue.push(updateId);
      confirmed.delete(updateId);
      flush();
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
      hasWebhook = isSet;
    },
    conflicts: () => conflicts,
    isAsked: () => until(() => waiting !== null),
    confirmed: (updateId) => until(() => confirmed.has(updateId)),
    called: (method, times = 1) =>
      until(() => calls.filter((call) => call.method === method).length >= times),
    close: () => server.close(),
  };
}
