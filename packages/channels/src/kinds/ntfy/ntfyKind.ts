import { addressSchema } from '@everbeat/outgoing';
import { z } from 'zod';
import { defineChannelKind } from '../../defineChannelKind';
import { answerError, isTaken } from '../../http/answerError';
import { post } from '../../http/post';
import { readJson } from '../../http/readJson';
import { ntfyMessage, topicOf } from './ntfyMessage';

const answerSchema = z.object({
  id: z.string().max(64).nullable().catch(null),
  error: z.string().catch(''),
});

/**
 * Publishes to a topic of ntfy as JSON, so that no text stands in a header
 * (https://docs.ntfy.sh/publish/#publish-as-json).
 */
export const ntfyKind = defineChannelKind({
  kind: 'ntfy',
  label: 'ntfy',
  configSchema: z.strictObject({
    url: addressSchema.refine((url) => topicOf(url) !== null, {
      message: 'must end with the topic, such as https://ntfy.sh/my-topic',
    }),
    token: z
      .string()
      .max(200)
      .regex(/^[\x21-\x7e]+$/, 'must not hold spaces')
      .optional(),
  }),
  secretFields: ['token'],
  addressField: 'url',
  isIdempotent: false,
  async send({ url, token }, message, context) {
    const { server, topic } = topicOf(url) ?? { server: url, topic: '' };
    const headers = {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const body = JSON.stringify({ topic, ...ntfyMessage(message) });
    const answer = await post({ url: server, headers, body }, context);
    const said = readJson(answer.text, answerSchema);
    if (isTaken(answer)) return { externalId: said?.id ?? null };
    throw answerError(answer, {
      remedy: 'Check the address of the topic, and whether it asks for an access token.',
      said: said?.error ?? '',
    });
  },
});
