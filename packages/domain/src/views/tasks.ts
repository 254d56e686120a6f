import type { AgentKind } from '../agentKinds';
import type { DocumentHead } from '../documents';
import type { FieldChange } from '../fieldChanges';
import type { SchedulerState } from '../schedulerState';
import type {
  ActivityKind,
  Author,
  DueReason,
  FailureClass,
  OperationStatus,
  TaskStatus,
  TickOutcome,
  Trigger,
} from '../status';
import type { Task } from '../task';
import type { TaskConfig } from '../taskConfig';
import type { BriefView } from './briefs';
import type { OperationView, TopicView } from './runs';

export interface TaskView extends Omit<Task, 'userId' | 'number' | 'config' | 'context' | 'deletedAt'> {
  config: TaskConfig;
  context: Record<string, unknown> & { scheduler: SchedulerState };
  /** When the armed tick is due; null when nothing is armed. */
  nextRunAt: Date | null;
}

/**
 * A task with its configuration as it is stored, secrets included. Only a `TaskView` may leave the server.
 */
export type StoredTask<View extends TaskView = TaskView> = Omit<View, 'config'> & {
  storedConfig: TaskConfig;
};

export type TaskRefView = Pick<Task, 'id' | 'identifier' | 'name' | 'status'>;

/** A task as a list shows it. */
export interface TaskListItemView extends TaskView {
  /** The task that it is a part of. */
  parent: Pick<Task, 'identifier' | 'name'> | null;
}

/** A filter of the list of tasks that a person has given a name. */
export interface SavedFilterView {
  name: string;
  /** What follows the question mark in the address of the list. */
  query: string;
}

/** Another task that a task's page leads to. A part of its context says what it waits for. */
export interface LinkedTaskView extends TaskRefView {
  context: { scheduler: Pick<SchedulerState, 'blockedBy'> };
}

/** One run as a mark on a strip of runs: how it ended, and how long it took. */
export interface RunMark {
  id: string;
  /** The number of its topic, by which the page is addressed. Null: the topic is no longer kept. */
  number: number | null;
  status: OperationStatus;
  startedAt: Date;
  finishedAt: Date | null;
}

/** How a task belongs together with another one, such as that of a run. `own`: it is that task itself. */
export type TaskRelation = 'own' | 'parent' | 'subtask' | 'dependency';

export interface RelatedTask extends TaskRefView {
  relation: TaskRelation;
}

export interface CommentView {
  id: string;
  taskId: string;
  author: Author;
  content: string;
  createdAt: Date;
}

export interface ActivityView {
  id: string;
  taskId: string;
  kind: ActivityKind;
  fromStatus: TaskStatus | null;
  toStatus: TaskStatus | null;
  reason: string | null;
  refId: string | null;
  /** Each setting that an edit changed. Null: the row is of another kind, or of an older version. */
  changes: FieldChange[] | null;
  createdAt: Date;
}

/** One change, as live pages receive it. A stream resumes after `id`. */
export interface TaskEventView extends Omit<ActivityView, 'createdAt' | 'changes'> {
  at: Date;
}

/** One row of the ledger: why a task ran or did not run. */
export interface TickView {
  token: string;
  trigger: Trigger;
  dueAt: Date;
  armedAt: Date;
  publications: number;
  /** Why it is due later than its rule says; null: it is not. */
  dueReason: DueReason | null;
  outcome: TickOutcome | null;
  reason: string | null;
  operationId: string | null;
  /**
   * Which attempt at its occurrence the run that it started was; null without a run, or when that is removed.
   */
  attempt: number | null;
  /** Why that run failed; null if it did not. */
  failureClass: FailureClass | null;
  /** Milliseconds after `dueAt` at which it fired. */
  lateMs: number | null;
  endedAt: Date | null;
}

/** The folder on the server in which the commands of a task work. */
export interface TaskFolderView {
  path: string;
  bytes: number;
  files: number;
  /** There is more than was counted. */
  isPartial: boolean;
  /** The worktrees in it, with the branch that each is on; null where it is on none that can be shown. */
  worktrees: { repository: string; path: string; branch: string | null }[];
}

/**
 * The newest rows of each list, bounded; `task.topics`, `task.ticks`, `task.comments`, `task.activities`,
 * `task.dependents`, `task.transcript`, `brief.list` and `task.list` page through more.
 */
export interface TaskDetailView extends TaskView {
  agent: { id: string; name: string; kind: AgentKind } | null;
  parent: LinkedTaskView | null;
  topics: TopicView[];
  /** The newest runs, those that went on in the topic of an earlier one included. */
  recentRuns: RunMark[];
  briefs: BriefView[];
  comments: CommentView[];
  activities: ActivityView[];
  subtasks: LinkedTaskView[];
  /**
   * The subtasks that are not canceled: how many are completed, and how many rest in the backlog or are
   * paused. Each count stops at `LIMITS.countedTasksMax`.
   */
  subtaskCounts: { total: number; done: number; resting: number };
  /**
   * How many there are of each, of which only the newest are here; `continuedRuns` are those runs that went
   * on in the topic of an earlier one, so that `totalTopics` leaves them out. Each stops at
   * `LIMITS.countedTasksMax`.
   */
  counts: {
    comments: number;
    openBriefs: number;
    subtasks: number;
    dependents: number;
    continuedRuns: number;
  };
  /** What this task waits for. */
  dependencies: LinkedTaskView[];
  /** What waits for this task. */
  dependents: LinkedTaskView[];
  documents: DocumentHead[];
  ticks: TickView[];
  hasOlderTicks: boolean;
  hasOlderActivities: boolean;
  runningOperation: OperationView | null;
}
