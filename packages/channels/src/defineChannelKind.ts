import { type ChannelKind, describeIssues, LIMITS } from '@everbeat/domain';
import { redact, secretsIn, writtenForms } from '@everbeat/outgoing';
import type { z } from 'zod';
import { type ChannelContext, ChannelError, type ChannelMessage, type SentMessage } from './port';

/** What the folder of a kind of channel declares. */
export interface ChannelKindSpec<Kind extends ChannelKind, Config> {
  kind: Kind;
  /** What people call it. */
  label: string;
  configSchema: z.ZodType<Config>;
  /** The fields of the configuration whose texts never leave the server. */
  secretFields: readonly (keyof Config & string)[];
  /**
   * The field with the address that the secrets are sent to, if it is no secret itself. Another origin there asks for
   * the secrets anew.
   */
  addressField?: keyof Config & string;
  /** Whether the far side takes the id of a message as the key of what it has already got. */
  isIdempotent: boolean;
  /** Sends one message. @throws ChannelError; anything else counts as a fault of this server */
  send(config: Config, message: ChannelMessage, context: ChannelContext): Promise<SentMessage>;
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
}

/**
 * Makes a kind of channel of what is special about it. The same for all kinds: the configuration is checked, the time
 * is bounded, everything that is thrown becomes a `ChannelError`, and no secret stands in one.
 */
export function defineChannelKind<Kind extends ChannelKind, Config>(
  spec: ChannelKindSpec<Kind, Config>,
): ChannelKindDefinition<Kind> {
  const { kind, label, configSchema, secretFields, addressField = null, isIdempotent } = spec;

  async function send(
    config: unknown,
    message: ChannelMessage,
    context: ChannelContext,
  ): Promise<SentMessage> {
    const parsed = configSchema.safeParse(config);
    if (!parsed.success) {
      throw new ChannelError(
        'needs-person',
        `The settings of this ${label} channel do not fit: ${describeIssues(parsed.error)} Edit the channel.`,
      );
    }
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(LIMITS.deliverySendSeconds * 1_000)]);
    try {
      return await spec.send(parsed.data, message, { ...context, signal });
    } catch (error) {
      throw withoutSecrets(asChannelError(error, label, signal), secretsIn(parsed.data, secretFields));
    }
  }

  return { kind, label, configSchema, secretFields, addressField, isIdempotent, send };
}

function asChannelError(error: unknown, label: string, signal: AbortSignal): ChannelError {
  if (error instanceof ChannelError) return error;
  if (signal.aborted) {
    return new ChannelError('transient', `${label} did not answer in time. It is tried again.`, {
      mayHaveArrived: true,
    });
  }
  const name = error instanceof Error ? error.name : typeof error;
  return new ChannelError(
    'transient',
    `The message could not be sent because of an internal error (${name}). If it stays so, report it.`,
    { mayHaveArrived: true },
  );
}

function withoutSecrets(error: ChannelError, secrets: readonly string[]): ChannelError {
  const { kind, retryAfterSeconds, mayHaveArrived } = error;
  const clean = redact(error.message, [...secrets, ...secrets.flatMap(secretParts)].flatMap(writtenForms));
  return new ChannelError(kind, clean, { retryAfterSeconds, mayHaveArrived });
}

/** Shorter parts of an address, such as `services`, are no secrets. */
const PART_CHARS_MIN = 12;

/** Of an address that is a secret, far sides may show a part alone, such as the token at its end. */
function secretParts(secret: string): string[] {
  if (!URL.canParse(secret)) return [];
  const { pathname, search } = new URL(secret);
  return `${pathname}${search}`.split(/[/?&=]/).filter((part) => part.length >= PART_CHARS_MIN);
}
