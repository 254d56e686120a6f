import { createHash } from 'node:crypto';
import type { BriefPriority } from '@everbeat/domain';
import type { ChannelMessage } from '../../port';
import { aboutOf, bodyOf, labelOf, titleOf } from '../../text/parts';
import { cutBytes } from '../../text/text';

/** A push service takes 4096 bytes with what encrypts them. What is shown of a message is far shorter. */
const BODY_BYTES_MAX = 800;
const TITLE_BYTES_MAX = 200;
const PAYLOAD_BYTES_MAX = 3_800;
/** Browsers show no more. */
const ACTIONS_MAX = 2;
const ACTION_URL_CHARS_MAX = 400;
const LABEL_CHARS_MAX = 30;
/** What a device that is off does not get in three days is old. */
const LIFE_SECONDS = 259_200;

const URGENCIES: Readonly<Record<BriefPriority, 'high' | 'normal' | 'low'>> = {
  urgent: 'high',
  normal: 'normal',
  info: 'low',
};

/** What the service worker (`public/sw.js`) reads, as JSON. */
export function pushPayload(message: ChannelMessage): string {
  const actions = message.actions
    .filter(({ url }) => url.length <= ACTION_URL_CHARS_MAX)
    .slice(0, ACTIONS_MAX)
    .map(({ key, label, url }) => ({
      action: cutBytes(key, 40),
      title: labelOf(label, LABEL_CHARS_MAX),
      url,
    }));
  const payload = {
    id: message.id,
    title: cutBytes(titleOf(message), TITLE_BYTES_MAX),
    body: cutBytes(
      [aboutOf(message), bodyOf(message)].filter((part) => part !== '').join('\n'),
      BODY_BYTES_MAX,
    ),
    url: message.url,
    needsMe: message.kind === 'needs-me' || message.kind === 'unanswered',
  };
  const whole = JSON.stringify({ ...payload, actions });
  return Buffer.byteLength(whole) <= PAYLOAD_BYTES_MAX ? whole : JSON.stringify({ ...payload, actions: [] });
}

/** `topic`: of messages about one brief that a device has not got yet, the service keeps the last one. */
export const pushOptions = (message: ChannelMessage) => ({
  TTL: LIFE_SECONDS,
  urgency: URGENCIES[message.priority],
  topic: createHash('sha256').update(message.threadKey).digest('base64url').slice(0, 32),
});
