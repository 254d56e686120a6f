import { addressSchema } from '@everbeat/outgoing';
import { z } from 'zod';
import { defineChannelKind } from '../../defineChannelKind';
import { ChannelError } from '../../port';
import { callBot } from './botApi';
import { messageKey } from './receive';
import { telegramMessage } from './telegramMessage';

/** A number, also a negative one for a group, or the name of a public channel. */
const CHAT_ID = z
  .string()
  .regex(/^(-?\d{1,20}|@\w{4,32})$/, 'must be a number, or @name of a public channel');

const sentSchema = z.object({ message_id: z.int(), chat: z.object({ id: z.int() }) });

const configSchema = z.strictObject({
  botToken: z
    .string()
    .regex(/^\d{1,20}:[\w-]{20,100}$/, 'must be a token of @BotFather, such as 123456:ABC-DEF…'),
  chatId: z.union([z.string(), z.number().int()]).transform(String).pipe(CHAT_ID),
  /** The address of a Bot API server of one's own. Left out: Telegram's. */
  apiUrl: addressSchema.optional(),
});

/** The bot and the chat of a channel; null: its configuration does not fit. */
export const telegramChatOf = (config: unknown): z.output<typeof configSchema> | null =>
  configSchema.safeParse(config).data ?? null;

/**
 * Sends to a chat of Telegram by a bot of the person's own (https://core.telegram.org/bots/api#sendmessage).
 */
export const telegramKind = defineChannelKind({
  kind: 'telegram',
  label: 'Telegram',
  configSchema,
  secretFields: ['botToken'],
  addressField: 'apiUrl',
  isIdempotent: false,
  async send({ botToken, chatId, apiUrl }, message, context) {
    const { takesPresses = false } = context;
    const body = { chat_id: chatId, ...telegramMessage(message, { takesPresses }) };
    const sent = await callBot({ botToken, apiUrl, method: 'sendMessage', body }, sentSchema, context);
    return { externalId: messageKey(sent.chat.id, sent.message_id), isOpen: message.actions.length > 0 };
  },
  async close({ botToken, apiUrl }, { externalId, message, outcome }, context) {
    // The channel may have another chat since.
    const [chatId, messageId] = externalId.split(':');
    if (messageId === undefined) return;
    const { disable_notification: _, ...text } = telegramMessage(message, { outcome });
    const body = { chat_id: chatId, message_id: Number(messageId), ...text };
    try {
      await callBot({ botToken, apiUrl, method: 'editMessageText', body }, z.unknown(), context);
    } catch (error) {
      if (!(error instanceof ChannelError && /message is not modified/i.test(error.message))) throw error;
    }
  },
});
