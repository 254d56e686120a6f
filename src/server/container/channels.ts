import {
  type BotAddress,
  ChannelError,
  closeMessage,
  isIdempotent,
  sendToChannel,
  slackAppOf,
  TelegramBot,
} from '@everbeat/channels';
import { type Queryable, readReceiving } from '@everbeat/database';
import { CHANNEL_KINDS, type Clock, errorMessage, isPrivateName } from '@everbeat/domain';
import type { Env } from '@/env/parseEnv';
import type { PushKeys } from '../services/channels/PushKeys';
import type { MessageCloser, MessageSender, OpenedChannel } from '../services/deliveries/ports';
import { isHeard } from '../services/receiving/isHeard';

/** What every call to a far side needs. */
export const callsOf = (env: Env) => ({
  smtp: null,
  vapid: null,
  ownPort: env.PORT,
  allowPrivateAddresses: env.NOTIFY_ALLOW_PRIVATE_URLS,
});

/** Sends over the network, with what the operator set. */
export function createMessageSender(env: Env, pushKeys: PushKeys): MessageSender {
  const smtp =
    env.SMTP_URL === undefined || env.MAIL_FROM === undefined
      ? null
      : { url: env.SMTP_URL, from: env.MAIL_FROM };
  return {
    idempotentKinds: CHANNEL_KINDS.filter((kind) => isIdempotent(kind)),
    async send({ takesPresses = false, ...channel }, message, signal) {
      try {
        const vapid = channel.kind === 'push' ? { ...(await pushKeys.get()), subject: env.APP_URL } : null;
        const context = { ...callsOf(env), signal, smtp, vapid, takesPresses };
        return { isSent: true, ...(await sendToChannel(channel, message, context)) };
      } catch (error) {
        const isKnown = error instanceof ChannelError;
        return {
          isSent: false,
          error: errorMessage(error),
          kind: isKnown ? error.kind : 'transient',
          mayHaveArrived: isKnown ? error.mayHaveArrived : true,
          retryAfterSeconds: isKnown ? (error.retryAfterSeconds ?? 0) : 0,
        };
      }
    },
  };
}

/** Edits messages over the network. */
export const createMessageCloser = (env: Env): MessageCloser => ({
  async close(channel, answered, signal) {
    try {
      await closeMessage(channel, answered, { ...callsOf(env), signal });
      return 'closed';
    } catch (error) {
      return error instanceof ChannelError && error.kind === 'transient' ? 'later' : 'refused';
    }
  },
});

export const createBot =
  (env: Env) =>
  (address: BotAddress): TelegramBot =>
    new TelegramBot(address, callsOf(env));

/** Whether services on the web can call this server. */
export const isPublic = ({ APP_URL }: Env): boolean => !isPrivateName(new URL(APP_URL).hostname);

/**
 * Whether Telegram is to report what is sent to the bots of channels: a process may live no longer than a
 * request then, and cannot ask for it. Telegram calls public addresses alone, and by HTTPS.
 */
export const hasReports = (env: Env): boolean =>
  env.AGENT_RUNTIME_MODE === 'queue' && isPublic(env) && new URL(env.APP_URL).protocol === 'https:';

/** Whether buttons that are pressed in a channel reach this server. */
export const createTakesPresses =
  ({ env, db, clock }: { env: Env; db: Queryable; clock: Clock }) =>
  async (channelId: string, { kind, config }: OpenedChannel): Promise<boolean> => {
    if (kind === 'slack') return isPublic(env) && slackAppOf(config) !== null;
    if (kind !== 'telegram') return false;
    const [receiving] = await readReceiving(db, [channelId]);
    const server = { appUrl: env.APP_URL, hasReports: hasReports(env) };
    return receiving !== undefined && isHeard(receiving, server, clock.now());
  };
