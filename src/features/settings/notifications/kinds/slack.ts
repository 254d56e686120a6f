import { type ChannelForm, SECRET_HINT, secretAddressSchema } from '../channelForm';

export const slack: ChannelForm = {
  lead: 'Posts to one channel of a workspace, by an incoming webhook of an app at api.slack.com/apps.',
  fields: {
    url: {
      label: 'Address of the webhook',
      hint: SECRET_HINT,
      inputMode: 'url',
      placeholder: 'https://hooks.slack.com/services/…',
      required: 'Enter the address of the webhook',
      isSecret: true,
      schema: secretAddressSchema,
    },
  },
};
