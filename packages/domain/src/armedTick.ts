/**
 * A committed arm and its current publication: what the ledger records and what a scheduler brings back when
 * due.
 */
export interface ArmedTick {
  taskId: string;
  userId: string;
  tickToken: string;
  dueAt: Date;
  /**
   * 1-based number of this publication of the token, counted in the ledger. `<token>-<publication>` is the
   * deduplication id: it protects one publication against its own retries and never swallows the next one.
   */
  publication: number;
}

/** One page of the armed ticks, ordered by `dueAt`, then by `tickToken`. */
export interface DueWindow {
  /** Inclusive. Null: overdue ticks too. */
  dueFrom: Date | null;
  /** Exclusive. */
  dueBefore: Date;
  /** The last tick of the previous page; null for the first page. */
  after: { dueAt: Date; tickToken: string } | null;
  limit: number;
}
