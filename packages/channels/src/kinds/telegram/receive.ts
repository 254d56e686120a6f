import { z } from 'zod';

/** What people send to a bot (https://core.telegram.org/bots/api#update). All of it is text from outside. */

export interface Chat {
  id: string;
  /** The name of a public group or channel, without the `@`. */
  username: string | null;
  /** What people call it. */
  title: string;
}

interface Update {
  updateId: number;
}

interface InChat extends Update {
  chat: Chat;
  messageId: string;
}

export type ChatUpdate =
  /** A button was pressed: what it was given, and the message that it belongs to. */
  | (InChat & { kind: 'press'; pressId: string; token: string })
  /** `toMessageId`: as the message that it replies to is known by, see `messageKey`. */
  | (InChat & { kind: 'reply'; toMessageId: string; text: string })
  | (InChat & { kind: 'text' | 'start' })
  /** Nothing that this server does something about. */
  | (Update & { kind: 'other' });

/**
 * Ids are 32-bit numbers. Those of a bot that was quiet for a week go on with any other number, also a lower
 * one.
 */
const UPDATE_ID_MAX = 2 ** 31 - 1;

const chatSchema = z.object({
  id: z.int(),
  username: z.string().nullable().catch(null),
  title: z.string().nullable().catch(null),
  first_name: z.string().nullable().catch(null),
});
const messageSchema = z.object({
  message_id: z.int(),
  chat: chatSchema,
  text: z.string().catch(''),
  reply_to_message: z.object({ message_id: z.int() }).nullable().catch(null),
});
const updateSchema = z.object({
  update_id: z.int().min(0).max(UPDATE_ID_MAX),
  message: messageSchema.nullable().catch(null),
  callback_query: z
    .object({ id: z.string().max(100), data: z.string().max(64), message: messageSchema })
    .nullable()
    .catch(null),
});

/** Null: it is no update. */
export function readUpdate(raw: unknown): ChatUpdate | null {
  const parsed = updateSchema.safeParse(raw);
  if (!parsed.success) return null;
  const { update_id: updateId, callback_query: press, message } = parsed.data;
  if (press !== null) {
    return { kind: 'press', updateId, ...placeOf(press.message), pressId: press.id, token: press.data };
  }
  if (message === null) return { kind: 'other', updateId };
  const { text, reply_to_message: to } = message;
  const place = { updateId, ...placeOf(message) };
  if (to !== null && text.trim() !== '') {
    return { kind: 'reply', ...place, toMessageId: messageKey(message.chat.id, to.message_id), text };
  }
  return { kind: /^\/start(@\w+)?(\s|$)/.test(text) ? 'start' : 'text', ...place };
}

const placeOf = ({ chat, message_id }: z.output<typeof messageSchema>) => ({
  messageId: String(message_id),
  chat: {
    id: String(chat.id),
    username: chat.username,
    title: chat.title ?? chat.first_name ?? chat.username ?? String(chat.id),
  },
});

/**
 * What a message is known by: each supergroup and channel counts its messages from 1, so the id alone is not
 * enough.
 */
export const messageKey = (chatId: number, messageId: number): string => `${chatId}:${messageId}`;

/** Whether a chat is the one that a channel is set to: its number, or `@name`. */
export const isChat = ({ id, username }: Chat, chatId: string): boolean =>
  chatId === id || (username !== null && chatId.toLowerCase() === `@${username.toLowerCase()}`);
