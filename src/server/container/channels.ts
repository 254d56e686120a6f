import { ChannelError, isIdempotent, sendToChannel } from '@everbeat/channels';
import { CHANNEL_KINDS, errorMessage } from '@everbeat/domain';
import type { Env } from '@/env/parseEnv';
import type { PushKeys } from '../services/channels/PushKeys';
import type { MessageSender } from '../services/deliveries/ports';

/** Sends over the network, with what the operator set. */
export function createMessageSender(env: Env, pushKeys: PushKeys): MessageSender {
  const smtp =
    env.SMTP_URL === undefined || env.MAIL_FROM === undefined
      ? null
      : { url: env.SMTP_URL, from: env.MAIL_FROM };
  return {
    idempotentKinds: CHANNEL_KINDS.filter((kind) => isIdempotent(kind)),
    async send(channel, message, signal) {
      try {
        const vapid = channel.kind === 'push' ? { ...(await pushKeys.get()), subject: env.APP_URL } : null;
        const context = {
          ...{ signal, smtp, vapid, ownPort: env.PORT },
          allowPrivateAddresses: env.NOTIFY_ALLOW_PRIVATE_URLS,
        };
        return { isSent: true, ...(await sendToChannel(channel, message, context)) };
      } catch (error) {
        const isKnown = error instanceof ChannelError;
        return {
          ...{ isSent: false, error: errorMessage(error), kind: isKnown ? error.kind : 'transient' },
          mayHaveArrived: isKnown ? error.mayHaveArrived : true,
          retryAfterSeconds: isKnown ? (error.retryAfterSeconds ?? 0) : 0,
        };
      }
    },
  };
}
