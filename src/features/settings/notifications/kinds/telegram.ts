import { z } from 'zod';
import { withScheme } from '@/lib/webAddress';
import { type ChannelForm, SECRET_HINT } from '../channelForm';
import { FindChat } from '../FindChat';

export const telegram: ChannelForm = {
  lead: 'Writes to a chat by a bot of your own. You answer there, by buttons or in your own words.',
  steps: [
    'In Telegram, write /newbot to @BotFather, and copy the token that it gives you.',
    'Open the chat with your new bot and press Start. For a group, add the bot to it and write /start there.',
    'Choose Find my chat here, or enter the number of the chat yourself.',
  ],
  Extra: FindChat,
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
      hint: 'A bot that Everbeat knows already tells it: write /start there. Groups have negative numbers.',
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
