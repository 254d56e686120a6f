import { z } from 'zod';
import { withScheme } from '@/lib/webAddress';
import { type ChannelForm, SECRET_HINT, secretAddressSchema } from '../channelForm';

export const slack: ChannelForm = {
  lead: 'Posts to one channel of a workspace: by an incoming webhook, with links, or by an app of your own, with buttons.',
  steps: [
    'At api.slack.com/apps, choose Create New App, From scratch.',
    'For links: switch on Incoming Webhooks, add one to a channel, and copy its address. That is all.',
    'For buttons: under OAuth & Permissions add the bot scope chat:write, install the app, and copy the Bot User OAuth Token.',
    'Invite the app to the channel (/invite and its name), and copy the ID of the channel from its details.',
    'Copy the Signing Secret from Basic Information, and save here.',
    'Switch on Interactivity & Shortcuts, and paste the Request URL that this page then shows beside the channel.',
  ],
  fields: {
    url: {
      label: 'Address of the webhook',
      hint: SECRET_HINT,
      inputMode: 'url',
      placeholder: 'https://hooks.slack.com/services/…',
      isSecret: true,
      schema: secretAddressSchema,
    },
    botToken: {
      label: 'Or token of an app',
      hint: SECRET_HINT,
      isCode: true,
      isSecret: true,
      placeholder: 'xoxb-…',
    },
    channel: {
      label: 'Channel of the app',
      hint: 'Its ID, or its #name.',
      isCode: true,
      placeholder: 'C0123456789',
    },
    signingSecret: {
      label: 'Signing secret of the app',
      hint: 'With it, buttons answer in Slack. The server then needs a public address.',
      isCode: true,
      isSecret: true,
      placeholder: '8f742231b10e…',
    },
    apiUrl: {
      label: 'Slack server (optional)',
      hint: 'If empty, https://slack.com.',
      inputMode: 'url',
      isRare: true,
      placeholder: 'https://slack.com',
      schema: z.string().transform(withScheme),
    },
  },
};
