import { type ChannelKind, describeIssues, LIMITS } from '@everbeat/domain';
import { secretsIn } from '@everbeat/outgoing';
import type { z } from 'zod';
import { attempt } from './attempt';
import {
  type AnsweredMessage,
  type ChannelContext,
  ChannelError,
  type ChannelMessage,
  type SentMessage,
} from './port';

/** What the folder of a kind of channel declares. */
export interface ChannelKindSpec<Kind extends ChannelKind, Config> {
  kind: Kind;
  /** What people call it. */
  label: string;
  configSchema: z.ZodType<Config>;
  /** The fields of the configuration whose texts never leave the server. */
  secretFields: readonly (keyof Config & string)[];
  /**
   * The field with the address that the secrets are sent to, if it is no secret itself. Another origin there
   * asks for the secrets anew.
   */
  addressField?: keyof Config & string;
  /** Whether the far side takes the id of a message as the key of what it has already got. */
  isIdempotent: boolean;
  /** Sends one message. @throws ChannelError; anything else counts as a fault of this server */
  send(config: Config, message: ChannelMessage, context: ChannelContext): Promise<SentMessage>;
  /**
   * Shows in a message that was sent how it was answered, and takes its options away. Left out: it cannot be
   * edited.
   */
  close?(config: Config, answered: AnsweredMessage, context: ChannelContext): Promise<void>;
}

/** A kind of channel as the rest of the system sees it. */
export interface ChannelKindDefinition<Kind extends ChannelKind> {
  readonly kind: Kind;
  readonly label: string;
  readonly configSchema: z.ZodType;
  readonly secretFields: readonly string[];
  readonly addressField: string | null;
  readonly isIdempotent: boolean;
  /** @throws ChannelError */
  send(config: unknown, message: ChannelMessage, context: ChannelContext): Promise<SentMessage>;
  /** @throws ChannelError */
  close(config: unknown, answered: AnsweredMessage, context: ChannelContext): Promise<void>;
}

/**
 * Makes a kind of channel of what is special about it. The same for all kinds: the configuration is checked,
 * the time is bounded, everything that is thrown becomes a `ChannelError`, and no secret stands in one.
 */
export function defineChannelKind<Kind extends ChannelKind, Config>(
  spec: ChannelKindSpec<Kind, Config>,
): ChannelKindDefinition<Kind> {
  const { kind, label, configSchema, secretFields, addressField = null, isIdempotent } = spec;

  async function calling<Result>(
    config: unknown,
    context: ChannelContext,
    call: (config: Config, context: ChannelContext) => Promise<Result>,
  ): Promise<Result> {
    const parsed = configSchema.safeParse(config);
    if (!parsed.success) {
      throw new ChannelError(
        'needs-person',
        `The settings of this ${label} channel do not fit: ${describeIssues(parsed.error)} Edit the channel.`,
      );
    }
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(LIMITS.deliverySendSeconds * 1_000)]);
    const secrets = secretsIn(parsed.data, secretFields);
    return attempt({ label, secrets, signal }, () => call(parsed.data, { ...context, signal }));
  }

  return {
    kind,
    label,
    configSchema,
    secretFields,
    addressField,
    isIdempotent,
    send: (config, message, context) =>
      calling(config, context, (checked, within) => spec.send(checked, message, within)),
    close: (config, answered, context) =>
      calling(config, context, async (checked, within) => spec.close?.(checked, answered, within)),
  };
}
