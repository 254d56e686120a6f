import { z } from 'zod';
import type { AgentFailure } from '../../port';
import { redact } from '../../shared/redact';

/** Of any stored configuration, also one that an older version left or that is of another kind of agent: its headers, if it has some. */
const headersSchema = z.object({ headers: z.record(z.string(), z.string()) });

/** The text without the values of an http agent's own headers, which servers like to echo. */
export const redactHeaders = (text: string, config: unknown): string => redact(text, secretsOf(config));

/**
 * A failure as the agent tells it, at once or by its callback, with its own secrets taken out of the error that people read.
 * Its content, like that of a report, is the work that was asked for and stays as the agent wrote it.
 */
export const redactFailure = <Failure extends AgentFailure>(failure: Failure, config: unknown): Failure => ({
  ...failure,
  errorMessage: redactHeaders(failure.errorMessage, config),
});

/** The values of the headers, and what follows the scheme of an authorization, which is often quoted alone. */
function secretsOf(config: unknown): string[] {
  const parsed = headersSchema.safeParse(config);
  if (!parsed.success) return [];
  return Object.values(parsed.data.headers).flatMap((value) => [value, value.replace(/^\S+\s+/, '')]);
}
