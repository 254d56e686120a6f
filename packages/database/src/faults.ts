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
 * 08: connection; 53: out of resources; 57P: shutting down; 25P03, 25006, 55000: a session or server that is
 * ending, failing over or not accepting connections.
 */
const TRANSIENT_STATES = /^(08|53|57P|25P03|25006|55000)/;

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
 * 55P03: the wait for a held row was over; 57014: the statement took too long, as one that waits for a lock
 * does; 40P01: a deadlock; 40001: a serialization failure.
 */
const CONTENTION_STATES: readonly (string | null)[] = ['55P03', '57014', '40P01', '40001'];

/** Whether the row would have been a second one where the database allows one alone. */
export const isUniqueViolation = (error: unknown): boolean => faultCode(error) === '23505';

/**
 * Whether another session stood in the way of these very rows, while the database works: nothing was written,
 * and the same call may succeed as soon as that session lets go.
 */
export const isContention = (error: unknown): boolean => CONTENTION_STATES.includes(faultCode(error));

/** Whether the same call may succeed later: the database is away, or another session holds these rows. */
export const isTransient = (error: unknown): boolean => isDatabaseUnavailable(error) || isContention(error);

/** Whether the statement took longer than the server allows: it may do so each time. */
export const isCutOff = (error: unknown): boolean => faultCode(error) === '57014';
