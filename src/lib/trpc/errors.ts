import { APP_ERROR_CODES, type AppErrorCode } from '@everbeat/domain';
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server';

/** Reads the errors of API calls. They are untyped: a proxy or a lost connection produces other shapes. */

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function errorData(error: unknown): Record<string, unknown> {
  return isRecord(error) && isRecord(error.data) ? error.data : {};
}

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

export const isRefusal = (error: unknown): boolean => REFUSALS.includes(errorData(error).code);

export const isNotFound = (error: unknown): boolean => errorData(error).code === 'NOT_FOUND';

/** The domain's error code, or null for other errors. */
export function appCodeOf(error: unknown): AppErrorCode | null {
  const { appCode } = errorData(error);
  return APP_ERROR_CODES.find((code) => code === appCode) ?? null;
}

/** The server's message, which names the remedy, or a message of our own when the server was not reached. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error) || error.message === '') return 'Something went wrong. Try again.';
  const isFromServer = typeof errorData(error).code === 'string';
  if (isFromServer) return error.message;
  return 'The server could not be reached. Check that it is running, then try again.';
}

export interface InputIssue {
  /** `config.watch.url` */
  path: string;
  message: string;
}

function toIssue(issue: unknown): InputIssue[] {
  if (!isRecord(issue) || typeof issue.message !== 'string') return [];
  const path = Array.isArray(issue.path) ? issue.path.map(String).join('.') : String(issue.path ?? '');
  return [{ path, message: issue.message }];
}

/** The invalid parts of the input, when the server's schema rejected it. */
export function issuesOf(error: unknown): InputIssue[] {
  const { issues } = errorData(error);
  return Array.isArray(issues) ? issues.flatMap(toIssue) : [];
}
