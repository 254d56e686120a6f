import type { SchedulerState } from './schedulerState';
import type { AutomationMode, TaskStatus, Trigger } from './status';
import type { TaskConfig } from './taskConfig';

/** Everything a decision may look at: one task as the database holds it, at `revision`. */
export interface TaskState {
  id: string;
  userId: string;
  identifier: string;
  revision: number;
  status: TaskStatus;
  automationMode: AutomationMode | null;
  heartbeatInterval: number | null;
  heartbeatTimeout: number;
  schedulePattern: string | null;
  scheduleTimezone: string | null;
  parentTaskId: string | null;
  totalTopics: number;
  maxTopics: number | null;
  /** The last error a person reads; null when there is none. */
  error: string | null;
  config: TaskConfig;
  scheduler: SchedulerState;
  /** The one running operation, if there is one. */
  operation: {
    id: string;
    topicId: string;
    trigger: Trigger;
    tickToken: string | null;
    claimedFrom: TaskStatus;
  } | null;
  /** Whether an unresolved urgent brief that is not of type `error` waits for the person. */
  humanWaiting: boolean;
  /** Whether every task it depends on has completed. */
  dependenciesMet: boolean;
}
