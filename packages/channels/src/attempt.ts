import { redact, writtenForms } from '@everbeat/outgoing';
import { ChannelError } from './port';

export interface Attempt {
  /** What people call the far side. */
  label: string;
  /** What must not stand in an error, in all `writtenForms`. */
  secrets: readonly string[];
  /** That ends the attempt. */
  signal: AbortSignal;
}

/**
 * Calls a far side: everything that is thrown becomes a `ChannelError` without secrets. @throws ChannelError
 */
export async function attempt<Result>(
  { label, secrets, signal }: Attempt,
  call: () => Promise<Result>,
): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw withoutSecrets(asChannelError(error, label, signal), secrets);
  }
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
  const clean = redact(error.message, [...secrets, ...secrets.flatMap(secretParts).flatMap(writtenForms)]);
  return new ChannelError(kind, clean, { retryAfterSeconds, mayHaveArrived });
}

/** Shorter parts of an address, such as `services`, are no secrets. */
const PART_CHARS_MIN = 12;

/**
 * What of a secret is left out of texts: far sides may show a part of an address, such as the token at its
 * end.
 */
function secretParts(secret: string): string[] {
  if (!URL.canParse(secret)) return [];
  const { pathname, search } = new URL(secret);
  return `${pathname}${search}`.split(/[/?&=]/).filter((part) => part.length >= PART_CHARS_MIN);
}
