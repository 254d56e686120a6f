/** A closed union. `src/server/api/errors.ts` maps it to transport codes. */
export const APP_ERROR_CODES = [
  'task-not-found',
  'topic-not-found',
  'operation-not-found',
  'brief-not-found',
  'agent-not-found',
  'mcp-server-not-found',
  'dependency-not-found',
  'comment-not-found',
  'document-not-found',
  'provider-not-found',
  'channel-not-found',
  'delivery-not-found',
  'run-in-flight',
  'operation-settled',
  'state-changed',
  'edit-conflict',
  'document-conflict',
  'invalid-transition',
  'invalid-input',
  'interval-too-short',
  'interval-missing',
  'pattern-invalid',
  'pattern-never-fires',
  'timezone-unknown',
  'dependency-circle',
  'ancestor-circle',
  'nesting-too-deep',
  'dependencies-unmet',
  'agent-in-use',
  'agent-misconfigured',
  'agent-not-ready',
  'action-not-offered',
  'words-missing',
  'limit-reached',
  'undo-expired',
  'secrets-key-missing',
  'secrets-unreadable',
  'dispatch-failed',
  'unauthorized',
  'unavailable',
  'internal',
] as const;
export type AppErrorCode = (typeof APP_ERROR_CODES)[number];

/**
 * Next puts a copy of this module into each of its bundles, so `instanceof` must not depend on the class's
 * identity.
 */
const MARK = Symbol.for('everbeat.AppError');

/**
 * An error a person can act on. `message` says what is wrong and what to do; it contains no secrets and no
 * data of other users.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly [MARK] = true;

  constructor(
    readonly code: AppErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }

  static override [Symbol.hasInstance](value: unknown): value is AppError {
    return value instanceof Error && MARK in value;
  }
}

/** The message of anything that was thrown. */
export const errorMessage = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/**
 * The innermost `cause` of an error. Wrappers of database libraries quote the values of the query, which must
 * not be logged. Follows at most 10 causes, because a chain of causes may be circular.
 */
export function rootCause(error: unknown): unknown {
  let cause = error;
  for (let depth = 0; depth < 10 && cause instanceof Error && cause.cause instanceof Error; depth += 1) {
    cause = cause.cause;
  }
  return cause;
}
