import type { AgentKind } from './agentKinds';

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
  /**
   * The kind of the task's agent when this was read: whose room its run needs. Null: the task has no agent.
   */
  agentKind: AgentKind | null;
  /** The task's priority when this was read; it decides who goes first when runs wait for room. */
  priority: number;
}

/** A place in the order of armed ticks. An empty token stands before every tick of that time. */
export type DuePosition = Pick<ArmedTick, 'dueAt' | 'tickToken'>;

/** One page of the armed ticks, ordered by `dueAt`, then by `tickToken`. */
export interface DueWindow {
  /** Where the previous page ended: only later ticks are read. Null: from the beginning, overdue ones too. */
  after: DuePosition | null;
  /** Exclusive. */
  dueBefore: Date;
  limit: number;
}
