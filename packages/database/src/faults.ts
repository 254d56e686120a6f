import { z } from 'zod';

const coded = z.object({ code: z.string() });
const wrapped = z.object({ cause: z.unknown() });

/** The SQLSTATE or the system's error code of a failed query. drizzle wraps the driver's error as `cause`. */
export function faultCode(error: unknown): string | null {
  const own = coded.safeParse(error);
  if (own.success) return own.data.code;
  const outer = wrapped.safeParse(error);
  return outer.success && outer.data.cause !== undefined && outer.data.cause !== null
    ? faultCode(outer.data.cause)
    : null;
}

const SYSTEM_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);

/**
 * 08: connection; 53: out of resources; 57: canceled or shutting down; 25P03, 25006, 55000: a session or
 * server that is ending, failing over or not accepting connections.
 */
const TRANSIENT_STATES = /^(08|53|57|25P03|25006|55000)/;

/** pg reports these without a code. */
const TRANSIENT_MESSAGES =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error|query read timeout|calling end on the pool/i;

/** Whether the database is unavailable at the moment, so that the same call may succeed later. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const code = faultCode(error);
  if (code !== null) return SYSTEM_CODES.has(code) || TRANSIENT_STATES.test(code);
  return error instanceof Error && TRANSIENT_MESSAGES.test(error.message);
}

/**
 * A deadlock or a serialization failure: nothing was written, and the same call may be retried immediately.
 */
export function isContention(error: unknown): boolean {
  const code = faultCode(error);
  return code === '40P01' || code === '40001';
}
