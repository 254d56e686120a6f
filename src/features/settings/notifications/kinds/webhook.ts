import { z } from 'zod';
import { withScheme } from '@/lib/webAddress';
import type { ChannelForm } from '../channelForm';
import { SecretControl } from '../SecretControl';

export const webhook: ChannelForm = {
  lead: 'Posts JSON to a server of your own, signed as Standard Webhooks say.',
  fields: {
    url: {
      label: 'Address',
      inputMode: 'url',
      placeholder: 'https://example.com/everbeat',
      required: 'Enter the address',
      schema: z.string().transform(withScheme),
    },
    secret: {
      label: 'Signing secret',
      isSecret: true,
      Control: SecretControl,
      required: 'Enter a secret, or make one',
    },
  },
};
