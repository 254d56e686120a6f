import type { ArmedTick, SchedulerKind } from '@everbeat/domain';

/** The body of a tick message (PROTOCOL §7). A hint to look at the task, never a permission to run it. */
export type TickMessage = Pick<ArmedTick, 'taskId' | 'userId' | 'tickToken'>;

/**
 * Brings ticks back at their due time (PROTOCOL §6). The rest of the system does not know which
 * implementation is in use. Ticks are committed before they are scheduled, so whatever an implementation
 * loses is found by the watchdog.
 */
export interface TaskScheduler {
  readonly kind: SchedulerKind;
  /**
   * Resolves with the scheduler's id of the message once it is accepted. Scheduling the same publication
   * twice is harmless. Rejects with SchedulerUnavailableError when the tick was not accepted.
   */
  schedule(tick: ArmedTick): Promise<{ messageId: string }>;
  /**
   * The id that `schedule` will return for this publication, where it is known beforehand because the
   * committed arm itself brings the tick back. It is then recorded in the commit of the arm. Null: known only
   * from `schedule`.
   */
  messageIdOf(tick: Pick<ArmedTick, 'tickToken' | 'publication'>): string | null;
  /** Best effort: a message that is unknown, delivered or being delivered is not an error. */
  cancel(messageId: string): Promise<void>;
  /** Starts background work, if there is any. Idempotent. */
  start(): Promise<void>;
  /** Stops it: once this resolves, no more ticks are delivered. Idempotent. */
  stop(): Promise<void>;
  /** Rejects, with a message that says why, when the scheduler cannot be reached. */
  check(): Promise<void>;
}

/** The scheduler did not accept the tick; a later attempt may succeed. */
export class SchedulerUnavailableError extends Error {
  override readonly name = 'SchedulerUnavailableError';
}
