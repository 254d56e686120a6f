import type { AgentFailure } from '../port';

/** Shorter values are no secrets, and replacing them would make the text unreadable. */
const SECRET_CHARS_MIN = 6;

/** Replaces the given secrets in a text: servers and programs often echo what they were sent. */
export function redact(text: string, secrets: Iterable<string | undefined>): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret !== undefined && secret.length >= SECRET_CHARS_MIN)
      clean = clean.replaceAll(secret, '[redacted]');
  }
  return clean;
}

/**
 * The secrets in the given fields of a configuration, which may be of any shape. Each comes whole, as JSON writes
 * it, and without its first word, because what follows the scheme of an `Authorization` header is often quoted alone.
 */
export function secretsIn(config: unknown, fields: readonly string[]): string[] {
  if (typeof config !== 'object' || config === null) return [];
  return Object.entries(config)
    .filter(([name]) => fields.includes(name))
    .flatMap(([, value]) => textsIn(value))
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), secret.replace(/^\S+\s+/, '')]);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/**
 * Removes an agent's own secrets from the error message that people read. The content stays as the agent
 * wrote it: like that of a report, it is the work that was asked for.
 */
export const redactFailure = <Failure extends AgentFailure>(
  failure: Failure,
  config: unknown,
  secretFields: readonly string[],
): Failure => ({ ...failure, errorMessage: redact(failure.errorMessage, secretsIn(config, secretFields)) });
