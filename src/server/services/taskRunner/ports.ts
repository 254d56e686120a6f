import type { AgentRuntime } from '@everbeat/agents';
import type { ClaimedRun, HeldOperation, Queryable } from '@everbeat/database';
import type { AgentKind, Clock, Ids, KindSettings, Logger, SkipReason } from '@everbeat/domain';
import type { OperationCompletion } from '../taskLifecycle/completion';
import type { TaskLifecycleService } from '../taskLifecycle/TaskLifecycleService';
import type { RunRoom } from './room';

/** What the runner needs of the lifecycle. Handed in, so that the runner imports none of its code. */
export type RunSettlement = Pick<
  TaskLifecycleService,
  'settle' | 'rollback' | 'afterSkip' | 'startAnyway' | 'park'
>;

/** Queue mode: work for another request of this application. Both reject when the queue did not accept it. */
export interface RunQueue {
  /**
   * `leaseEpoch`: which execution of the operation, so that the message for one does not count as that for
   * another.
   */
  execute(operation: HeldOperation): Promise<void>;
  complete(completion: OperationCompletion): Promise<void>;
}

/** A claimed run whose task has an agent. */
export type RunWithAgent = ClaimedRun & { agent: NonNullable<ClaimedRun['agent']> };

export interface RunnerDeps {
  db: Queryable;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  /** What does not depend on the user. */
  runtimes: Record<AgentKind, Pick<AgentRuntime, 'keepsSteps'>>;
  /** The runtime for a user's agents of a kind. @throws database errors */
  runtimeFor(kind: AgentKind, userId: string): Promise<AgentRuntime>;
  settlement: RunSettlement;
  /** Null in local mode: runs are executed in this process. */
  queue: RunQueue | null;
  /** Queue mode: after so long a run that keeps steps goes on in another request (PROTOCOL §9). */
  sliceSeconds: number;
  /** The public address of this application, for the callback of an http agent. */
  appUrl: string;
  room: RunRoom;
  /** The agent's configuration with its secrets. @throws AppError `secrets-unreadable` */
  openConfig(agent: RunWithAgent['agent'], userId: string): Promise<Record<string, unknown>>;
  /** The task's settings for its agent's kind, with their secrets. @throws AppError `secrets-unreadable` */
  openSettings(run: RunWithAgent): Promise<KindSettings | undefined>;
  /** The rendered prompt of a run, and what is stored of it; null: its text. */
  buildPrompt(run: RunWithAgent): Promise<{ text: string; recipe: string | null }>;
  cancelMessage(messageId: string | null): Promise<void>;
  nudge(): void;
}

export type TickResult =
  | { ran: true; topicId: string; operationId: string }
  | { ran: false; reason: SkipReason }
  /** The arm is unchanged: the tick has to be delivered again, when there may be room. */
  | { ran: false; reason: 'no-room'; agentKind: AgentKind | null };
