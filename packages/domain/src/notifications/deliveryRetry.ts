import { LIMITS } from '../limits';
import { retryWaitSeconds } from '../retryWait';

/** How sending a message ended that did not arrive, or may not have. */
export interface FailedSend {
  /**
   * `transient`: it will do later. `needs-person`: not before a person has corrected the channel. `refused`:
   * the far side will never take this message.
   */
  kind: 'transient' | 'needs-person' | 'refused';
  /** Whether the message may have arrived nevertheless. */
  mayHaveArrived: boolean;
  /** How long the far side asks not to be called. */
  retryAfterSeconds: number;
}

export interface TriedMessage {
  id: string;
  /** This one included. */
  attempts: number;
  firstAttemptAt: Date;
  /** Whether the far side takes one message once, however often it is sent under its id. */
  isIdempotent: boolean;
}

/** What becomes of a message that was not sent: it is tried again, for a day at most (PROTOCOL §11). */
export type AfterFailedSend =
  | { act: 'retry'; at: Date }
  | { act: 'fail'; reason: 'refused' | 'gave-up' }
  | { act: 'unknown' };

export function afterFailedSend(message: TriedMessage, failed: FailedSend, now: Date): AfterFailedSend {
  if (failed.kind === 'refused') return { act: 'fail', reason: 'refused' };
  if (failed.mayHaveArrived && !message.isIdempotent) return { act: 'unknown' };
  const waitSeconds = retryWaitSeconds({
    count: message.attempts,
    intervalSeconds: null,
    retryAfterSeconds: failed.retryAfterSeconds,
    id: message.id,
  });
  const at = new Date(now.getTime() + waitSeconds * 1_000);
  const lastMs = message.firstAttemptAt.getTime() + LIMITS.deliveryRetrySecondsMax * 1_000;
  return at.getTime() > lastMs ? { act: 'fail', reason: 'gave-up' } : { act: 'retry', at };
}
