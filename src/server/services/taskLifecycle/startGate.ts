import type { NotReadyTask } from '../readiness/notReadyTasks';

/** Keeps tasks from being started whose agent cannot run (PROTOCOL §4.3). */
export interface StartGate {
  /** Those of these tasks of a user that must not start, by their ids. */
  notReadyAmong(userId: string, taskIds: readonly string[]): Promise<ReadonlyMap<string, NotReadyTask>>;
}
