import { addressSchema } from '@everbeat/outgoing';
import { z } from 'zod';
import { defineChannelKind } from '../../defineChannelKind';
import { answerError, isTaken } from '../../http/answerError';
import { post } from '../../http/post';
import { slackMessage } from './slackMessage';

/** Posts to a channel of Slack by an incoming webhook (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks). */
export const slackKind = defineChannelKind({
  kind: 'slack',
  label: 'Slack',
  configSchema: z.strictObject({ url: addressSchema }),
  // Whoever knows the address can post.
  secretFields: ['url'],
  isIdempotent: false,
  async send({ url }, message, context) {
    const body = JSON.stringify(slackMessage(message));
    const answer = await post({ url, headers: { 'content-type': 'application/json' }, body }, context);
    if (isTaken(answer)) return { externalId: null };
    throw answerError(answer, {
      remedy:
        'The webhook, its channel or its app is gone or archived: make a new incoming webhook in Slack and edit the channel here.',
      said: /^[a-z_]{1,60}$/.test(answer.text) ? answer.text : '',
    });
  },
});
