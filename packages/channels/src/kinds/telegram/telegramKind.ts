import { addressSchema } from '@everbeat/outgoing';
import { z } from 'zod';
import { defineChannelKind } from '../../defineChannelKind';
import { callBot } from './botApi';
import { telegramMessage } from './telegramMessage';

/** A number, also a negative one for a group, or the name of a public channel. */
const CHAT_ID = z
  .string()
  .regex(/^(-?\d{1,20}|@\w{4,32})$/, 'must be a number, or @name of a public channel');

const sentSchema = z.object({ message_id: z.number().int() });

/** Sends to a chat of Telegram by a bot of the person's own (https://core.telegram.org/bots/api#sendmessage). */
export const telegramKind = defineChannelKind({
  kind: 'telegram',
  label: 'Telegram',
  configSchema: z.strictObject({
    botToken: z
      .string()
      .regex(/^\d{1,20}:[\w-]{20,100}$/, 'must be a token of @BotFather, such as 123456:ABC-DEF…'),
    chatId: z.union([z.string(), z.number().int()]).transform(String).pipe(CHAT_ID),
    /** Of a Bot API server of one's own. Left out: Telegram's. */
    apiUrl: addressSchema.optional(),
  }),
  secretFields: ['botToken'],
  addressField: 'apiUrl',
  isIdempotent: false,
  async send({ botToken, chatId, apiUrl }, message, context) {
    const body = { chat_id: chatId, ...telegramMessage(message) };
    const sent = await callBot({ botToken, apiUrl, method: 'sendMessage', body }, sentSchema, context);
    return { externalId: String(sent.message_id) };
  },
});
