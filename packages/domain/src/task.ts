import type { TaskStatus } from './status';
import type { TaskFields } from './taskInputs';

/**
 * One row of `tasks`: what a person may edit, and what the system records. The database's schema is checked
 * against it, so that a column which only one of the two has is a type error. `config` and `context` are as
 * stored: a hand edit may have left anything there.
 */
export interface Task extends Omit<TaskFields, 'config'> {
  id: string;
  userId: string;
  /** 1-based, per user. */
  number: number;
  /** `T-<number>` */
  identifier: string;
  status: TaskStatus;
  /** The last error, as a person reads it. */
  error: string | null;
  /** Why a person paused the task, if they said so. Null in every status but `paused`. */
  pausedReason: string | null;
  totalTopics: number;
  config: unknown;
  /** `context.scheduler` is the scheduler's state. */
  context: unknown;
  revision: number;
  createdAt: Date;
  updatedAt: Date;
  completedAt: Date | null;
  /** Since when its news are read as they come in; null: they are not. */
  mutedAt: Date | null;
  /** When its person last looked at it, or was told of it by a channel, to the hour; null: never. */
  seenAt: Date | null;
  /** A deleted task is hidden from everybody; the watchdog removes its rows (PROTOCOL §5). */
  deletedAt: Date | null;
}

/**
 * The task with an edit applied. Absent and undefined keys, and those that `task` does not have, change
 * nothing.
 */
export const applyEdit = <T extends object>(task: T, edit: Partial<TaskFields>): T => ({
  ...task,
  ...Object.fromEntries(
    Object.entries(edit).filter(([field, value]) => value !== undefined && field in task),
  ),
});
