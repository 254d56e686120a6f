import type { AgentKind } from './agentKinds';
import type { DependencyEnd, SchedulerState } from './schedulerState';
import type { TaskStatus } from './status';
import type { Task } from './task';
import type { TaskConfig } from './taskConfig';
import type { OperationView } from './views';

/** The columns of a task that a decision may look at, besides its configuration and the scheduler's state. */
export const TASK_STATE_FIELDS = [
  'id',
  'userId',
  'identifier',
  'revision',
  'status',
  'priority',
  'automationMode',
  'heartbeatInterval',
  'heartbeatTimeout',
  'schedulePattern',
  'scheduleTimezone',
  'parentTaskId',
  'agentId',
  'totalTopics',
  'maxTopics',
  'error',
  'seenAt',
] as const satisfies readonly (keyof Task)[];

/** Everything a decision may look at: one task as the database holds it, at `revision`. */
export interface TaskState extends Pick<Task, (typeof TASK_STATE_FIELDS)[number]> {
  /**
   * The kind of the agent of its open or armed run: of the reviewer if that is a review, else of its own.
   * Null: there is none, or it is another user's.
   */
  agentKind: AgentKind | null;
  config: TaskConfig;
  scheduler: SchedulerState;
  /** The one operation that has not ended, if there is one. */
  operation:
    | (Pick<OperationView, 'id' | 'topicId' | 'trigger' | 'tickToken' | 'attempt'> & {
        occurrence: string;
        claimedFrom: TaskStatus;
        /** It goes on in the topic of an earlier run. */
        continuesTopic: boolean;
        /** It is parked until a person has answered (PROTOCOL §9). */
        isWaiting: boolean;
        /** Grows whenever it is taken from the process that executed it. */
        leaseEpoch: number;
        /** How often the process that executed it was lost. */
        losses: number;
      })
    | null;
  /**
   * Whether an unresolved urgent brief that is not of type `error` waits for the person. The one about ended
   * dependencies does not count: it is closed by every write that takes the task out of the backlog.
   */
  humanWaiting: boolean;
  /**
   * Whether something that it has told lies unread. Nothing of a muted task does, nor what its person has put
   * off, nor that it was slowed down.
   */
  hasUnread: boolean;
  /** The tasks it depends on that have not completed, deleted ones included. */
  waitsFor: { id: string; identifier: string; ended: DependencyEnd | null }[];
}
