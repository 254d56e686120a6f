/** One tick, handed to whatever will bring it back when it is due. */
export interface ScheduledTick {
  taskId: string;
  userId: string;
  tickToken: string;
  dueAt: Date;
  /**
   * The number of this publication of the token, from 1, counted in the ledger. `<token>-<publication>` is the
   * deduplication id: it guards one publication against its own retries and never swallows the next one.
   */
  publication: number;
}

/** What a tick message carries back (PROTOCOL §7). It is a hint to look, never a grant. */
export interface TickMessage {
  taskId: string;
  userId: string;
  tickToken: string;
}

/**
 * Brings ticks back at their due time. The rest of the system does not know which implementation is in use.
 * `schedule` rejects with SchedulerUnavailableError when the tick was not accepted; the arm is committed already,
 * so the watchdog publishes it again.
 */
export interface TaskScheduler {
  readonly kind: 'local' | 'qstash';
  /** Resolves with the scheduler's id of the message once it is accepted. Scheduling the same publication twice is harmless. */
  schedule(tick: ScheduledTick): Promise<{ messageId: string }>;
  /**
   * The id that `schedule` will answer for this publication, where that is known beforehand, because the arm in the
   * database is itself what brings the tick back: it is then noted in the commit of the arm. Null: only the answer tells.
   */
  messageIdOf(tick: Pick<ScheduledTick, 'tickToken' | 'publication'>): string | null;
  /** Best effort: a message that is gone, unknown or under way is not an error. */
  cancel(messageId: string): Promise<void>;
  /** Starts what runs in the background, if anything does. Idempotent. */
  start(): Promise<void>;
  /** Stops it: after this resolves, no tick is delivered any more. Idempotent. */
  stop(): Promise<void>;
  /** Rejects, with a message that says why, when the scheduler cannot be reached. */
  check(): Promise<void>;
}

/** The scheduler did not take the tick; trying again later may work. */
export class SchedulerUnavailableError extends Error {
  override readonly name = 'SchedulerUnavailableError';
}
