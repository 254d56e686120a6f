import { addressSchema } from '@everbeat/outgoing';
import { z } from 'zod';
import { defineChannelKind } from '../../defineChannelKind';
import { answerError, isTaken } from '../../http/answerError';
import { post } from '../../http/post';
import { readJson } from '../../http/readJson';
import { discordMessage } from './discordMessage';

/** As much of Discord's answers as is read. `retry_after` is in seconds. */
const answerSchema = z.object({
  id: z.string().max(64).nullable().catch(null),
  message: z.string().catch(''),
  retry_after: z.number().optional().catch(undefined),
});

/** Posts to a channel of Discord by a webhook (https://docs.discord.com/developers/resources/webhook). */
export const discordKind = defineChannelKind({
  kind: 'discord',
  label: 'Discord',
  configSchema: z.strictObject({ url: addressSchema }),
  // Whoever knows the address can post.
  secretFields: ['url'],
  isIdempotent: false,
  async send({ url }, message, context) {
    const body = JSON.stringify(discordMessage(message));
    const headers = { 'content-type': 'application/json' };
    const answer = await post({ url: withAnswer(url), headers, body }, context);
    const said = readJson(answer.text, answerSchema);
    if (isTaken(answer)) return { externalId: said?.id ?? null };
    throw answerError(answer, {
      remedy:
        'The webhook is gone: make a new one in the settings of the Discord channel and edit the channel here.',
      said: said?.message ?? '',
      retryAfterSeconds: said?.retry_after,
    });
  },
});

/**
 * `wait`: the answer comes when the message is stored, with its id. `with_components`: buttons with links are
 * shown.
 */
function withAnswer(address: string): string {
  const url = new URL(address);
  url.searchParams.set('wait', 'true');
  url.searchParams.set('with_components', 'true');
  return url.href;
}
