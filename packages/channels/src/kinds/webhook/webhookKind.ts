import { truncated } from '@everbeat/domain';
import { addressSchema, isSigningSecret, signatureHeaders } from '@everbeat/outgoing';
import { z } from 'zod';
import { defineChannelKind } from '../../defineChannelKind';
import { answerError, isTaken } from '../../http/answerError';
import { post } from '../../http/post';
import type { ChannelMessage } from '../../port';
import { titleOf } from '../../text/parts';
import { cleanText } from '../../text/text';

const TEXT_CHARS_MAX = 20_000;

/**
 * Calls an address of the person's own, signed as Standard Webhooks asks (https://www.standardwebhooks.com).
 */
export const webhookKind = defineChannelKind({
  kind: 'webhook',
  label: 'Webhook',
  configSchema: z.strictObject({
    url: addressSchema,
    secret: z
      .string()
      .max(200)
      .refine(isSigningSecret, { message: 'must be whsec_ and at least 16 bytes in base64' }),
  }),
  secretFields: ['secret'],
  addressField: 'url',
  // `webhook-id` is the same for every attempt.
  isIdempotent: true,
  async send({ url, secret }, message, context) {
    const sentAt = new Date();
    const body = JSON.stringify(payloadOf(message, sentAt));
    const headers = {
      'content-type': 'application/json',
      ...signatureHeaders(secret, { id: message.id, sentAt, body }),
    };
    const answer = await post({ url, headers, body }, context);
    if (isTaken(answer)) return { externalId: null };
    throw answerError(answer, {
      remedy: 'Check the address, and whether the server there takes POST requests with this secret.',
    });
  },
});

/** The form that Standard Webhooks recommends: `type`, `timestamp`, `data`. */
function payloadOf(message: ChannelMessage, sentAt: Date) {
  const { id, kind, text, url, task, priority, threadKey, actions, lines } = message;
  return {
    type: kind === 'digest' ? 'digest' : `brief.${kind}`,
    timestamp: sentAt.toISOString(),
    data: {
      id,
      kind,
      priority,
      threadKey,
      task,
      url,
      title: titleOf(message),
      text: truncated(cleanText(text), TEXT_CHARS_MAX),
      actions: actions.map(({ key, label, url: link }) => ({ key, label, url: link })),
      lines,
    },
  };
}
