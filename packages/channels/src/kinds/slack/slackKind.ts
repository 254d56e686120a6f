import { addressSchema } from '@everbeat/outgoing';
import { z } from 'zod';
import { defineChannelKind } from '../../defineChannelKind';
import { answerError, isTaken } from '../../http/answerError';
import { post } from '../../http/post';
import type { ChannelContext, SentMessage } from '../../port';
import { slackMessage } from './slackMessage';
import { callSlack } from './webApi';

const configSchema = z
  .strictObject({
    /** The address of an incoming webhook. */
    url: addressSchema.optional(),
    /** The token of an app, which posts to `channel`. */
    botToken: z
      .string()
      .regex(/^xoxb-[\w-]{10,250}$/, 'must be the Bot User OAuth Token of an app, such as xoxb-…')
      .optional(),
    channel: z
      .string()
      .regex(/^#?[\p{L}\p{N}_-]{1,80}$/u, 'must be the ID of a channel, such as C0123456789, or its #name')
      .optional(),
    /** By which the app signs what is pressed. Left out: its messages have links. */
    signingSecret: z
      .string()
      .regex(/^\w{16,100}$/, 'must be the Signing Secret of the app')
      .optional(),
    /**
     * The address of another Slack than slack.com, such as that of a government. Left out: https://slack.com.
     */
    apiUrl: addressSchema.optional(),
  })
  .refine(
    ({ url, botToken, channel, signingSecret }) =>
      url === undefined
        ? botToken !== undefined && channel !== undefined
        : [botToken, channel, signingSecret].every((field) => field === undefined),
    { message: 'must have either the address of a webhook, or the token of an app and a channel' },
  );

const sentSchema = z.object({ channel: z.string().max(40), ts: z.string().max(40) });

/**
 * Posts to a channel of Slack: by an incoming webhook
 * (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks), or by an app, whose messages
 * can have buttons and be edited (https://docs.slack.dev/reference/methods/chat.postMessage).
 */
export const slackKind = defineChannelKind({
  kind: 'slack',
  label: 'Slack',
  configSchema,
  // Whoever knows the address can post.
  secretFields: ['url', 'botToken', 'signingSecret'],
  addressField: 'apiUrl',
  isIdempotent: false,
  async send(config, message, context) {
    const { url, botToken = '', channel, signingSecret } = config;
    if (url !== undefined) return postToWebhook(url, slackMessage(message), context);
    const takesPresses = signingSecret !== undefined && context.takesPresses === true;
    const body = { channel, ...slackMessage(message, { takesPresses }) };
    const { apiUrl } = config;
    const sent = await callSlack({ botToken, apiUrl, method: 'chat.postMessage', body }, sentSchema, context);
    return { externalId: `${sent.channel}:${sent.ts}`, isOpen: message.actions.length > 0 };
  },
  async close({ botToken, apiUrl }, { externalId, message, outcome }, context) {
    const [channel, ts] = externalId.split(':');
    if (botToken === undefined || ts === undefined) return;
    const body = { channel, ts, ...slackMessage(message, { outcome }) };
    await callSlack({ botToken, apiUrl, method: 'chat.update', body }, z.unknown(), context);
  },
});

async function postToWebhook(url: string, message: object, context: ChannelContext): Promise<SentMessage> {
  const body = JSON.stringify(message);
  const answer = await post({ url, headers: { 'content-type': 'application/json' }, body }, context);
  if (isTaken(answer)) return { externalId: null };
  throw answerError(answer, {
    remedy:
      'The webhook, its channel or its app is gone or archived: make a new incoming webhook in Slack and edit the channel here.',
    said: /^[a-z_]{1,60}$/.test(answer.text) ? answer.text : '',
  });
}

/** Null: the configuration is not that of an app whose buttons are heard of. */
export function slackAppOf(config: unknown): { signingSecret: string; apiUrl: string | undefined } | null {
  const { signingSecret, apiUrl } = configSchema.safeParse(config).data ?? {};
  return signingSecret === undefined ? null : { signingSecret, apiUrl };
}
