import { addressSchema } from '@everbeat/outgoing';
import webPush from 'web-push';
import { z } from 'zod';
import { defineChannelKind } from '../../defineChannelKind';
import { answerError, isTaken } from '../../http/answerError';
import { post } from '../../http/post';
import { ChannelError } from '../../port';
import { pushOptions, pushPayload } from './pushMessage';

/** The keys of a subscription, as bytes in base64url: a point of the curve P-256, and 16 bytes. */
const keysSchema = z.object({
  p256dh: z.string().refine((key) => Buffer.from(key, 'base64url').length === 65, 'is no key of a browser'),
  auth: z.string().refine((key) => Buffer.from(key, 'base64url').length === 16, 'is no key of a browser'),
});

/**
 * Sends a push message to one browser (RFC 8030, encrypted as RFC 8291 and signed as RFC 8292 say). The
 * subscription is what `PushSubscription.toJSON()` gives in that browser.
 */
export const pushKind = defineChannelKind({
  kind: 'push',
  label: 'Push',
  configSchema: z.strictObject({
    subscription: z.object({
      endpoint: addressSchema,
      expirationTime: z.number().nullish(),
      keys: keysSchema,
    }),
  }),
  // Whoever knows the address and the keys can send to this browser.
  secretFields: ['subscription'],
  // The service worker shows the message under its id: the same one replaces itself.
  isIdempotent: true,
  async send({ subscription }, message, context) {
    const { vapid } = context;
    if (vapid === null) {
      throw new ChannelError(
        'needs-person',
        'This server has no keys for push messages. Subscribe the device again.',
      );
    }
    const { endpoint, headers, body } = webPush.generateRequestDetails(
      { endpoint: subscription.endpoint, keys: subscription.keys },
      pushPayload(message),
      { ...pushOptions(message), vapidDetails: { ...vapid, subject: contactOf(vapid.subject) } },
    );
    const answer = await post({ url: endpoint, headers: sentHeaders(headers), body }, context);
    if (isTaken(answer)) return { externalId: null };
    if (answer.status === 404 || answer.status === 410) {
      throw new ChannelError(
        'needs-person',
        'This device does not take messages any more: its permission was withdrawn, or it has expired. Turn them on again on the device.',
      );
    }
    throw answerError(answer, {
      remedy: 'The push service does not know the key of this server. Turn messages on again on the device.',
      said: answer.text,
    });
  },
});

/** Push services ask for an address of whoever sends, of mail or of an https page. */
const contactOf = (subject: string): string =>
  /^(https:\/\/|mailto:)/.test(subject) ? subject : 'mailto:everbeat@localhost.localdomain';

/** The length follows from the body. */
const sentHeaders = (headers: Readonly<Record<string, string | number>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.toLowerCase() !== 'content-length')
      .map(([name, value]) => [name, String(value)]),
  );
