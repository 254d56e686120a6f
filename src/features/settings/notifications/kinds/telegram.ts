import { z } from 'zod';
import { withScheme } from '@/lib/webAddress';
import { type ChannelForm, SECRET_HINT } from '../channelForm';

export const telegram: ChannelForm = {
  lead: 'Writes to a chat by a bot of your own: make one with @BotFather, then open its chat and press Start.',
  fields: {
    botToken: {
      label: 'Token of the bot',
      hint: SECRET_HINT,
      isCode: true,
      isSecret: true,
      placeholder: '123456:ABC-DEF…',
      required: 'Enter the token that @BotFather gave you',
    },
    chatId: {
      label: 'Number of the chat',
      hint: 'api.telegram.org/bot<token>/getUpdates shows it after you have written to the bot. Groups have negative numbers.',
      isCode: true,
      placeholder: '123456789',
      required: 'Enter the number of the chat',
      schema: z.string().regex(/^(-?\d+|@\w+)$/, 'A number, or @name of a public channel'),
    },
    apiUrl: {
      label: 'Bot API server (optional)',
      hint: "If empty, Telegram's own.",
      inputMode: 'url',
      isRare: true,
      placeholder: 'https://api.telegram.org',
      schema: z.string().transform(withScheme),
    },
  },
};
