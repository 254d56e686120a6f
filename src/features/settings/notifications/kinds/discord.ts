import { type ChannelForm, SECRET_HINT, secretAddressSchema } from '../channelForm';

export const discord: ChannelForm = {
  lead: 'Posts to one channel, by a webhook from its settings under Integrations.',
  fields: {
    url: {
      label: 'Address of the webhook',
      hint: SECRET_HINT,
      inputMode: 'url',
      placeholder: 'https://discord.com/api/webhooks/…',
      required: 'Enter the address of the webhook',
      isSecret: true,
      schema: secretAddressSchema,
    },
  },
};
