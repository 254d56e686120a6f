/** Time and randomness are passed in, so that a simulation can replay them from a seed. */

export interface Clock {
  now(): Date;
  /**
   * Calls `callback` once, not before `delayMs` have passed on this clock; 0 or less means as soon as
   * possible. Returns a function that cancels it. A pending timer does not keep the process alive.
   */
  after(delayMs: number, callback: () => void): () => void;
}

export interface Ids {
  /** A time-ordered uuid (version 7), for rows. */
  row(): string;
  /** Also a time-ordered uuid: tokens are keys of the ledger, not secrets. */
  token(): string;
  /** An unguessable string of at least 128 bits, for callbacks and links. */
  secret(): string;
}

/** The methods of pino that the project uses. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
