import { z } from 'zod';
import type { ChannelForm } from '../channelForm';
import { NoMailServer } from '../NoMailServer';

export const email: ChannelForm = {
  lead: 'Sends mail through the mail server that the operator has set (SMTP_URL).',
  fields: {
    to: {
      label: 'Address',
      placeholder: 'you@example.com',
      required: 'Enter the address',
      schema: z.email('This is no e-mail address'),
    },
  },
  Extra: NoMailServer,
};
