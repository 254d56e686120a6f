import type { AgentFailure, AgentReport, AgentTold, AgentUsage, TranscriptEntry } from '@everbeat/agents';
import type { FullCapView, SettledStatus } from '@everbeat/domain';

/** What is known of a failure besides its code and message. */
type Cause = Pick<AgentFailure, 'failureClass' | 'retryAfterSeconds' | 'farSide'>;

/**
 * How an operation ended and what it leaves, whether a runtime, a callback, the queue or the watchdog reports
 * it.
 */
export interface OperationCompletion extends Cause {
  operationId: string;
  taskId: string;
  userId: string;
  topicId: string;
  /**
   * The epoch of the execution that ended. Left out where there is one only, as of an agent with a callback.
   */
  leaseEpoch?: number | undefined;
  status: SettledStatus;
  errorCode: string | null;
  errorMessage: string | null;
  report: AgentReport | null;
  /** What a run that failed has told all the same. */
  told?: AgentTold | undefined;
  usage: AgentUsage | null;
  /** The caps that left no room, where a budget has ended the run. */
  full?: FullCapView[] | undefined;
  /** The part of the transcript that is not in the database yet. */
  transcript: (TranscriptEntry & { id: string; recipe?: string | undefined })[];
}

export type SettleResult = { settled: true } | { settled: false; reason: 'not-found' | 'already-settled' };
