import { AppError, LIMITS, type RunErrorCode, storableText } from '@everbeat/domain';
import type { AgentFailure } from '../port';

/** The first word of the error codes of each kind of agent. */
export type CodePrefix = 'agent' | 'watch' | 'model' | 'command';
/** The prefixes of those kinds that call another host. */
export type CallingPrefix = Exclude<CodePrefix, 'command'>;

/** A failure of a run: a code, and a message that says what happened and what a person can do. */
export class AgentError extends Error {
  override readonly name = 'AgentError';

  constructor(
    readonly code: RunErrorCode,
    message: string,
    readonly details: Omit<AgentFailure, 'errorCode' | 'errorMessage'> = {},
  ) {
    super(message);
  }
}

/** A request that was sent, and whose answer did not come: it may have been carried out. */
export class UnansweredError extends AgentError {}

/** The outcome of a run that failed. */
export type Failed = { kind: 'error' } & AgentFailure;

/**
 * The outcome for anything that a run threw. Other errors than ours are reported without their message, which
 * may contain a secret.
 */
export function failureOf(error: unknown): Failed {
  if (error instanceof AgentError)
    return failure({ ...error.details, errorCode: error.code, errorMessage: error.message });
  if (error instanceof AppError) {
    return failure({
      errorCode: error.code.replaceAll('-', '_'),
      errorMessage: error.message,
      // The application itself is in trouble, which is no fault of the agent's.
      ...(error.code === 'unavailable' && { failureClass: 'transient' }),
    });
  }
  const name = error instanceof Error ? error.name : typeof error;
  return failure({
    errorCode: 'agent_internal',
    errorMessage: `The agent stopped because of an internal error (${name}). Run it again; if it happens again, report it.`,
  });
}

export function failure(fields: AgentFailure): Failed {
  return {
    kind: 'error',
    ...fields,
    errorMessage: storableText(fields.errorMessage, LIMITS.errorMessageCharsMax),
    ...(fields.content === undefined
      ? {}
      : { content: storableText(fields.content, LIMITS.contentCharsMax) }),
  };
}
