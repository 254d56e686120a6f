import { z } from 'zod';
import { withScheme } from '@/lib/webAddress';
import { type ChannelForm, SECRET_HINT } from '../channelForm';

export const ntfy: ChannelForm = {
  lead: 'Publishes to a topic of ntfy.sh or of a server of your own. Choose a name that nobody guesses.',
  fields: {
    url: {
      label: 'Address of the topic',
      inputMode: 'url',
      placeholder: 'https://ntfy.sh/my-topic-1a2b3c',
      required: 'Enter the address of the topic',
      schema: z.string().transform(withScheme),
    },
    token: {
      label: 'Access token (optional)',
      hint: SECRET_HINT,
      isCode: true,
      isSecret: true,
      placeholder: 'tk_…',
    },
  },
};
