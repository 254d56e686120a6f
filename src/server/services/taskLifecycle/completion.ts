import type { AgentReport, AgentUsage, TranscriptEntry } from '@everbeat/agents';
import type { SettledStatus } from '@everbeat/domain';

/**
 * How an operation ended and what it leaves, whether a runtime, a callback, the queue or the watchdog reports
 * it.
 */
export interface OperationCompletion {
  operationId: string;
  taskId: string;
  userId: string;
  topicId: string;
  status: SettledStatus;
  errorCode: string | null;
  errorMessage: string | null;
  report: AgentReport | null;
  usage: AgentUsage | null;
  /** The part of the transcript that is not in the database yet. */
  transcript: (TranscriptEntry & { id: string })[];
}

export type SettleResult = { settled: true } | { settled: false; reason: 'not-found' | 'already-settled' };
