import { SERVER_TIMEOUTS } from './timeouts';

/**
 * How long a statement waits for rows that another session holds. A statement of several tasks hardly waits,
 * because one held row would keep all of them from being written; each task is then tried by itself.
 */
const LOCK_WAIT_MS = {
  /** For a statement that several tasks share. */
  shared: 100,
  /** For one that concerns a single task. */
  alone: 500,
  /** For one that all requests of one person share a row with, and wait in line. */
  person: 2_000,
} as const;

export type LockWait = Exclude<keyof typeof LOCK_WAIT_MS, 'person'>;

/**
 * A row source for a `from` clause that limits how long the rest of the same statement waits for locks. It
 * holds until the end of the transaction, and so for this statement only: unlike a setting of the session, it
 * works behind a pooler that gives every transaction another connection. A statement that waits longer fails
 * with 55P03, and nothing is written (PROTOCOL §8, invariant 17).
 */
export const lockWait = (wait: keyof typeof LOCK_WAIT_MS): string =>
  `(select set_config('lock_timeout', '${LOCK_WAIT_MS[wait]}ms', true)) lock_wait`;

const TRANSACTION_SETTINGS = { lock_timeout: '2s', ...SERVER_TIMEOUTS };

/**
 * Begins a transaction of several statements, in one round trip. Each waits so long for a lock. Behind a
 * pooler the session has none of these settings.
 */
export const BEGIN = [
  'begin',
  ...Object.entries(TRANSACTION_SETTINGS).map(([name, value]) => `set local ${name} = '${value}'`),
].join('; ');
