import { AppError, LIMITS, storableText } from '@everbeat/domain';
import type { AgentFailure, AgentOutcome, AgentUsage } from '../port';

/** A failure with a code to count by and a message that says what happened and what a person can do. */
export class AgentError extends Error {
  override readonly name = 'AgentError';

  constructor(
    readonly code: string,
    message: string,
    readonly leftBehind: { usage?: AgentUsage; content?: string } = {},
  ) {
    super(message);
  }
}

/** The outcome of anything that a run threw. What is not known is named without its text, which may hold a secret. */
export function failureOf(error: unknown): AgentOutcome {
  if (error instanceof AgentError)
    return failure({ ...error.leftBehind, errorCode: error.code, errorMessage: error.message });
  if (error instanceof AppError) {
    return failure({ errorCode: error.code.replaceAll('-', '_'), errorMessage: error.message });
  }
  const name = error instanceof Error ? error.name : typeof error;
  return failure({
    errorCode: 'agent_internal',
    errorMessage: `The agent stopped on a fault of its own (${name}). Run it again; if it stays, report it.`,
  });
}

export function failure(fields: AgentFailure): AgentOutcome {
  return {
    kind: 'error',
    ...fields,
    errorMessage: storableText(fields.errorMessage, LIMITS.errorMessageCharsMax),
    ...(fields.content === undefined
      ? {}
      : { content: storableText(fields.content, LIMITS.contentCharsMax) }),
  };
}
