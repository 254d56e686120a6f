import type { AppErrorCode } from '@everbeat/domain';
import { isTRPCClientError } from '@trpc/client';
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server';
import type { AppRouter } from './client';

/** What the server says about an error; undefined when the error does not come from the server. */
const errorData = (error: unknown) => (isTRPCClientError<AppRouter>(error) ? error.data : undefined);

/** tRPC codes of errors that a retry does not solve. */
const REFUSALS: readonly unknown[] = [
  'BAD_REQUEST',
  'UNAUTHORIZED',
  'FORBIDDEN',
  'NOT_FOUND',
  'CONFLICT',
  'PRECONDITION_FAILED',
  'PAYLOAD_TOO_LARGE',
  'METHOD_NOT_SUPPORTED',
  'UNPROCESSABLE_CONTENT',
] satisfies TRPC_ERROR_CODE_KEY[];

export const isRefusal = (error: unknown): boolean => REFUSALS.includes(errorData(error)?.code);

export const isNotFound = (error: unknown): boolean => errorData(error)?.code === 'NOT_FOUND';

/** The domain's error code, or null for other errors. */
export const appCodeOf = (error: unknown): AppErrorCode | null => errorData(error)?.appCode ?? null;

/** Undefined where there is no browser. */
const isOnline = (): boolean => globalThis.navigator?.onLine !== false;

/** The server's message, which names the remedy, or a message of our own when the server was not reached. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error) || error.message === '') return 'Something went wrong. Try again.';
  if (errorData(error) != null) return error.message;
  if (!isOnline()) {
    return 'This browser is offline, so nothing was sent. Try again when the connection is back.';
  }
  return 'The server could not be reached. Check that it is running, then try again.';
}

export interface InputIssue {
  /** `config.watch.url` */
  path: string;
  message: string;
}

/** The invalid parts of the input, when the server's schema rejected it. */
export function issuesOf(error: unknown): InputIssue[] {
  const issues = errorData(error)?.issues ?? [];
  return issues.map(({ path, message }) => ({ path: path.join('.'), message }));
}
