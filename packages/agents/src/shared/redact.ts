import { redact, secretsIn } from '@everbeat/outgoing';
import type { AgentFailure } from '../port';

/**
 * Removes an agent's own secrets from the error message that people read. The content stays as the agent
 * wrote it: like that of a report, it is the work that was asked for.
 */
export const redactFailure = <Failure extends AgentFailure>(
  failure: Failure,
  config: unknown,
  secretFields: readonly string[],
): Failure => ({ ...failure, errorMessage: redact(failure.errorMessage, secretsIn(config, secretFields)) });
