import type { AgentRuntime } from '@everbeat/agents';
import type { ClaimedRun, Queryable } from '@everbeat/database';
import type { AgentKind, Clock, Ids, Logger, SkipReason, TaskState } from '@everbeat/domain';
import type { TickMessage } from '@everbeat/scheduler';
import type { OperationCompletion, SettleAnswer } from '../taskLifecycle/TaskLifecycleService';

/** What the runner asks of the lifecycle, handed in so that neither imports the other's insides. */
export interface RunSettlement {
  settle(completion: OperationCompletion, known?: TaskState): Promise<SettleAnswer>;
  rollback(claim: {
    taskId: string;
    userId: string;
    operationId: string;
    topicId: string;
    errorMessage: string;
  }): Promise<void>;
  afterSkip(tick: TickMessage, reason: SkipReason): Promise<void>;
}

/** Queue mode: work that another request of this application carries out. Both reject when the queue did not take it. */
export interface RunQueue {
  execute(operationId: string): Promise<void>;
  complete(completion: OperationCompletion): Promise<void>;
}

export interface RunnerDeps {
  db: Queryable;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  runtimes: Record<AgentKind, AgentRuntime>;
  settlement: RunSettlement;
  /** Null in local mode: runs are executed in this process. */
  queue: RunQueue | null;
  /** The public address of this application, for the callback of an http agent. */
  appUrl: string;
  /** The rendered prompt of a run, for an agent of this kind. */
  buildPrompt(run: ClaimedRun, kind: AgentKind): Promise<string>;
  cancelMessage(messageId: string | null): Promise<void>;
  nudge(): void;
}

export type TickAnswer =
  | { ran: true; topicId: string; operationId: string }
  | { ran: false; reason: SkipReason };
