import type { Blocker, SupersedeReason, TaskStatus, Trigger } from './status';

/** The arm a decision asks for. Its token is drawn by whoever carries the plan out. */
export interface ArmIntent {
  dueAt: Date;
  trigger: Trigger;
}

/** What a decision does to one task: carried out by one statement guarded by the state it was made from, or not at all. */
export interface TaskPlan {
  status: TaskStatus;
  /** The next arm; null leaves nothing armed. */
  arm: ArmIntent | null;
  blockedBy: Blocker | null;
  consecutiveFailures: number;
  /** What a person reads as the task's last error; null when there is none. */
  error: string | null;
  /** Why, in one kebab-case word or two: the activity's reason. */
  reason: string;
  /** How the ledger names the end of an arm that this plan replaces or removes. */
  supersede: SupersedeReason;
}
