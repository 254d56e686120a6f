/** Time and randomness are handed in, so that a simulation can replay them from a seed. */

export interface Clock {
  now(): Date;
  /**
   * Calls `callback` once, not before `delayMs` have passed on this clock (0 and less: as soon as possible).
   * Returns its cancellation. A timer never keeps the process alive by itself.
   */
  after(delayMs: number, callback: () => void): () => void;
}

export interface Ids {
  /** A time-ordered uuid (version 7), for rows. */
  row(): string;
  /** A time-ordered uuid too: tokens are keys of the ledger, and no secret. */
  token(): string;
  /** An unguessable string of at least 128 bits, for callback secrets. */
  secret(): string;
}

/** The part of a structured logger (pino's signature) that the project uses. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
