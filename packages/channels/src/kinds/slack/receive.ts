import { createHmac } from 'node:crypto';
import { writtenForms } from '@everbeat/outgoing';
import { isSameSecret } from '@everbeat/vault';
import { z } from 'zod';
import { attempt } from '../../attempt';
import { answerError, isTaken } from '../../http/answerError';
import { post } from '../../http/post';
import { type ChannelContext, ChannelError } from '../../port';
import { escapeSlack } from './slackMessage';

/**
 * What Slack sends when a button is pressed (https://docs.slack.dev/interactivity/handling-user-interaction).
 */

/** Slack asks for five minutes: an older request is one that somebody sends again. */
const AGE_SECONDS_MAX = 300;

interface SignedRequest {
  /** As it came, before anything is read of it. */
  body: string;
  timestamp: string | undefined;
  signature: string | undefined;
}

/**
 * Whether a request is from the app with this secret, and new
 * (https://docs.slack.dev/authentication/verifying-requests-from-slack).
 */
export function isFromSlack(
  signingSecret: string,
  { body, timestamp = '', signature = '' }: SignedRequest,
  now: Date,
): boolean {
  if (!/^\d{1,12}$/.test(timestamp)) return false;
  const age = Math.abs(now.getTime() / 1_000 - Number(timestamp));
  if (age > AGE_SECONDS_MAX) return false;
  const expected = createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex');
  return isSameSecret(signature, `v0=${expected}`);
}

export interface SlackPress {
  token: string;
  /** Where what is to be said to whoever pressed goes. Null: nowhere. */
  responseUrl: string | null;
}

const payloadSchema = z.object({
  type: z.literal('block_actions'),
  response_url: z.url().max(500).nullable().catch(null),
  actions: z
    .array(
      z
        .object({ value: z.string().max(200) })
        .nullable()
        .catch(null),
    )
    .max(10),
});

/** The button that was pressed. Null: none of ours; a button that is a link is told, too. */
export function readSlackPress(body: string): SlackPress | null {
  const payload = new URLSearchParams(body).get('payload');
  try {
    const { response_url: responseUrl, actions } = payloadSchema.parse(JSON.parse(payload ?? ''));
    const token = actions.find((action) => action !== null)?.value;
    return token === undefined ? null : { token, responseUrl };
  } catch {
    return null;
  }
}

/** Says something to whoever pressed a button, and to nobody else. @throws ChannelError */
export function sayInSlack(
  { responseUrl, apiUrl }: { responseUrl: string; apiUrl: string | undefined },
  text: string,
  context: ChannelContext,
): Promise<void> {
  return attempt({ label: 'Slack', secrets: writtenForms(responseUrl), signal: context.signal }, async () => {
    if (!isOfSlack(responseUrl, apiUrl)) {
      throw new ChannelError('refused', 'Slack named an address for the response that is not its own.');
    }
    const body = JSON.stringify({
      response_type: 'ephemeral',
      replace_original: false,
      text: escapeSlack(text),
    });
    const answer = await post(
      { url: responseUrl, headers: { 'content-type': 'application/json' }, body },
      context,
    );
    if (!isTaken(answer)) throw answerError(answer, { remedy: '' });
  });
}

function isOfSlack(responseUrl: string, apiUrl: string | undefined): boolean {
  const { protocol, hostname, origin } = new URL(responseUrl);
  if (apiUrl !== undefined && origin === new URL(apiUrl).origin) return true;
  return protocol === 'https:' && /^hooks\.slack(-gov)?\.com$/.test(hostname);
}
