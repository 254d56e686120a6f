import type { ChannelKind } from '@everbeat/domain';
import type { z } from 'zod';
import type { ChannelKindDefinition } from '../defineChannelKind';
import type { AnsweredMessage, ChannelContext, ChannelMessage, SentMessage } from '../port';
import { discordKind } from './discord/discordKind';
import { emailKind } from './email/emailKind';
import { ntfyKind } from './ntfy/ntfyKind';
import { pushKind } from './push/pushKind';
import { slackKind } from './slack/slackKind';
import { telegramKind } from './telegram/telegramKind';
import { webhookKind } from './webhook/webhookKind';

/** Every kind of channel. */
const channelKinds: Readonly<{ [Kind in ChannelKind]: ChannelKindDefinition<Kind> }> = {
  email: emailKind,
  webhook: webhookKind,
  slack: slackKind,
  discord: discordKind,
  telegram: telegramKind,
  ntfy: ntfyKind,
  push: pushKind,
};

/** Sends one message to one channel, in bounded time. `config` is as it was entered. @throws ChannelError */
export const sendToChannel = (
  { kind, config }: { kind: ChannelKind; config: unknown },
  message: ChannelMessage,
  context: ChannelContext,
): Promise<SentMessage> => channelKinds[kind].send(config, message, context);

/**
 * Shows in a message that was sent how it was answered, where the kind can edit its messages. @throws
 * ChannelError
 */
export const closeMessage = (
  { kind, config }: { kind: ChannelKind; config: unknown },
  answered: AnsweredMessage,
  context: ChannelContext,
): Promise<void> => channelKinds[kind].close(config, answered, context);

export const channelConfigSchema = (kind: ChannelKind): z.ZodType => channelKinds[kind].configSchema;

/** The fields of the configuration whose texts never leave the server. */
export const secretFieldsOf = (kind: ChannelKind): readonly string[] => channelKinds[kind].secretFields;

/** The field with the address that the secrets are sent to. Null: it is a secret itself, or there is none. */
export const addressFieldOf = (kind: ChannelKind): string | null => channelKinds[kind].addressField;

/** Whether a message may be sent again that may have arrived: the far side knows it by its id. */
export const isIdempotent = (kind: ChannelKind): boolean => channelKinds[kind].isIdempotent;

/** What people call each kind. */
export const CHANNEL_LABELS: Readonly<Record<ChannelKind, string>> = {
  email: emailKind.label,
  webhook: webhookKind.label,
  slack: slackKind.label,
  discord: discordKind.label,
  telegram: telegramKind.label,
  ntfy: ntfyKind.label,
  push: pushKind.label,
};
