import { faultCode, isContention, isDatabaseUnavailable } from '@everbeat/database';
import { AppError, type AppErrorCode, errorMessage, type Logger } from '@everbeat/domain';
import { TRPCError } from '@trpc/server';
import { ZodError } from 'zod';

type TrpcCode = TRPCError['code'];

/** The one table from the domain's errors to tRPC's codes. */
const TRPC_CODES = {
  'task-not-found': 'NOT_FOUND',
  'topic-not-found': 'NOT_FOUND',
  'operation-not-found': 'NOT_FOUND',
  'brief-not-found': 'NOT_FOUND',
  'agent-not-found': 'NOT_FOUND',
  'mcp-server-not-found': 'NOT_FOUND',
  'dependency-not-found': 'NOT_FOUND',
  'comment-not-found': 'NOT_FOUND',
  'document-not-found': 'NOT_FOUND',
  'provider-not-found': 'NOT_FOUND',
  'channel-not-found': 'NOT_FOUND',
  'delivery-not-found': 'NOT_FOUND',
  'run-in-flight': 'CONFLICT',
  'operation-settled': 'CONFLICT',
  'state-changed': 'CONFLICT',
  'edit-conflict': 'CONFLICT',
  'document-conflict': 'CONFLICT',
  'invalid-input': 'BAD_REQUEST',
  'interval-too-short': 'BAD_REQUEST',
  'interval-missing': 'BAD_REQUEST',
  'pattern-invalid': 'BAD_REQUEST',
  'pattern-never-fires': 'BAD_REQUEST',
  'timezone-unknown': 'BAD_REQUEST',
  'dependency-circle': 'BAD_REQUEST',
  'ancestor-circle': 'BAD_REQUEST',
  'nesting-too-deep': 'BAD_REQUEST',
  'agent-misconfigured': 'BAD_REQUEST',
  'action-not-offered': 'BAD_REQUEST',
  'words-missing': 'BAD_REQUEST',
  'invalid-transition': 'PRECONDITION_FAILED',
  'dependencies-unmet': 'PRECONDITION_FAILED',
  'agent-in-use': 'PRECONDITION_FAILED',
  'agent-not-ready': 'PRECONDITION_FAILED',
  'limit-reached': 'PRECONDITION_FAILED',
  'undo-expired': 'PRECONDITION_FAILED',
  'secrets-key-missing': 'PRECONDITION_FAILED',
  'secrets-unreadable': 'PRECONDITION_FAILED',
  unauthorized: 'UNAUTHORIZED',
  'dispatch-failed': 'SERVICE_UNAVAILABLE',
  unavailable: 'SERVICE_UNAVAILABLE',
  internal: 'INTERNAL_SERVER_ERROR',
} as const satisfies Record<AppErrorCode, TrpcCode>;

export interface FailedCall {
  logger: Logger;
  requestId: string;
  path: string;
}

/**
 * The error as clients may see it: the message of the domain, or a general one without SQL, stack or secret.
 */
export function toTrpcError(thrown: unknown, call: FailedCall): TRPCError {
  const error = thrown instanceof TRPCError && thrown.cause !== undefined ? thrown.cause : thrown;
  if (error instanceof AppError) return refusal(error);
  // Refused by tRPC itself: an unknown procedure, an input that does not match.
  if (thrown instanceof TRPCError && (error === thrown || error instanceof ZodError)) return thrown;
  if (isDatabaseUnavailable(error)) {
    log(call, error, 'A request failed because the database is unavailable');
    return refusal(new AppError('unavailable', 'The database is unavailable; try again shortly'));
  }
  if (isContention(error) || isForeignKeyViolation(error)) {
    return refusal(
      new AppError('state-changed', 'This was changed by another request at the same time; try again'),
    );
  }
  log(call, error, 'A request failed unexpectedly');
  const message = `Something went wrong on the server, not with your input. See the log for ${call.requestId}`;
  return refusal(new AppError('internal', message));
}

const refusal = (cause: AppError): TRPCError =>
  new TRPCError({ code: TRPC_CODES[cause.code], message: cause.message, cause });

/** A referenced row was deleted between the check and the write. */
const isForeignKeyViolation = (error: unknown): boolean => faultCode(error) === '23503';

/** Logs no other properties of the error: those of the driver quote rows. */
function log({ logger, requestId, path }: FailedCall, error: unknown, message: string): void {
  const stack = error instanceof Error ? error.stack : undefined;
  logger.error({ requestId, path, reason: errorMessage(error), code: faultCode(error), stack }, message);
}

/** The domain's code of an error, for `data.appCode`; null when tRPC itself refused the call. */
export function appCodeOf(error: TRPCError): AppErrorCode | null {
  if (error.cause instanceof AppError) return error.cause.code;
  return error.cause instanceof ZodError ? 'invalid-input' : null;
}
