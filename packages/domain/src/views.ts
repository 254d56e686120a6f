import type { AgentKind } from './agentKinds';
import type { BriefActionView } from './briefActions';
import type { DocumentHead } from './documents';
import type { AgentVerdict } from './readiness';
import type { SchedulerState } from './schedulerState';
import type {
  ActivityKind,
  Author,
  AutomationMode,
  BriefPriority,
  BriefPurpose,
  BriefType,
  CodingProgram,
  CommandExposure,
  CommandSandboxKind,
  Cure,
  FailureClass,
  MessageRole,
  OperationStatus,
  ReviewVerdict,
  SchedulerKind,
  StepKind,
  StepStatus,
  TaskAttention,
  TaskStatus,
  TickOutcome,
  ToolPolicy,
  Trigger,
} from './status';
import type { ApprovalAnswer } from './steps';
import type { StorageView } from './storageGrowth';
import type { Task } from './task';
import type { TaskConfig } from './taskConfig';

export interface TaskView extends Omit<Task, 'userId' | 'number' | 'config' | 'context' | 'deletedAt'> {
  config: TaskConfig;
  context: Record<string, unknown> & { scheduler: SchedulerState };
  /** When the armed tick is due; null when nothing is armed. */
  nextRunAt: Date | null;
}

/** A task with its configuration as it is stored, secrets included. Only a `TaskView` may leave the server. */
export type StoredTask<View extends TaskView = TaskView> = Omit<View, 'config'> & {
  storedConfig: TaskConfig;
};

export interface TopicView {
  id: string;
  taskId: string;
  number: number;
  trigger: Trigger;
  title: string | null;
  status: OperationStatus;
  handoff: string | null;
  error: string | null;
  /** Why its last run failed; null if it did not. */
  failureClass: FailureClass | null;
  /** Of a coding agent: the conversation that its program keeps. Null: it has none. */
  session: ProgramSession | null;
  /** What its ended runs have used together: tokens, and the cost where it is known. Null: nothing is reported. */
  usage: Record<string, number> | null;
  createdAt: Date;
  endedAt: Date | null;
}

/** A conversation that a program such as Claude Code keeps for itself, by which a later run can go on in it. */
export interface ProgramSession {
  program: CodingProgram;
  /** A UUID, as the program named it. */
  id: string;
  /** The number of the topic whose session this one goes on with. Null: it began here. */
  resumes: number | null;
  /** What it has used since it began, where the program counts that and not the run. */
  usage?: { inputTokens?: number | undefined; outputTokens?: number | undefined } | undefined;
}

export interface OperationView {
  id: string;
  taskId: string;
  topicId: string;
  trigger: Trigger;
  status: OperationStatus;
  tickToken: string | null;
  /** The same for every attempt at one occurrence (PROTOCOL §4.1). Null in rows of older versions. */
  occurrence: string | null;
  /** Counts the attempts at one occurrence from 1. */
  attempt: number;
  startedAt: Date;
  heartbeatAt: Date;
  finishedAt: Date | null;
  errorCode: string | null;
  errorMessage: string | null;
  /** Why it failed. Null if it did not, and in rows of older versions. */
  failureClass: FailureClass | null;
  usage: Record<string, number> | null;
}

/** How a task belongs together with another one, such as that of a run. `own`: it is that task itself. */
export type TaskRelation = 'own' | 'parent' | 'subtask' | 'dependency';

export interface RelatedTask extends TaskRefView {
  relation: TaskRelation;
}

/** One check of the work of a run (PROTOCOL §4.4), by the operation that made it. */
export interface ReviewView {
  operationId: string;
  /** Of the operation. A reviewer that broke has no verdict; its check is made again. */
  status: OperationStatus;
  startedAt: Date;
  finishedAt: Date | null;
  errorMessage: string | null;
  /** Null while there is no verdict. */
  result: ReviewResult | null;
}

/** What is kept of a check. */
export interface ReviewResult {
  /** The run whose work was checked. Null: it was gone. */
  workOperationId: string | null;
  /** How often the work had been handed in then, counted since a person last had a say in it. */
  iteration: number;
  /** What the work had to fulfil then. */
  requirement: string;
  /** Null: the check was turned off before it was made, so the work counts unchecked. */
  verdict: ReviewVerdict | null;
  /** By the reviewer: untrusted. */
  reasons: string[];
}

/** One step of a run: a call of its model, or of a tool (PROTOCOL §9). */
export interface StepView {
  /** From 0. */
  index: number;
  kind: StepKind;
  /** Of the model or the tool. */
  name: string;
  status: StepStatus;
  /** Of a call of a tool; null for a call of the model. */
  policy: ToolPolicy | null;
  /** The key under which it is executed: the same whenever it is executed again. */
  occurrence: string;
  startedAt: Date;
  endedAt: Date | null;
  usage: Record<string, number> | null;
  /** Null where no price is known, and for tools. */
  costUsd: number | null;
  /** The operation that it belongs to, and which attempt at its occurrence that is, from 1. */
  operationId: string;
  attempt: number;
  /** What the person, or the system in their place, said to the question whether it may be called. Null: nothing yet. */
  answer: (ApprovalAnswer & { at: Date }) | null;
}

/** Below it stand the pictures of watched pages, by their ids. */
export const PICTURES_PATH = '/api/pictures';

export interface BriefView {
  id: string;
  taskId: string;
  taskIdentifier: string;
  taskName: string;
  taskAutomationMode: AutomationMode | null;
  /** Null: the task has no agent. */
  taskAgentKind: AgentKind | null;
  topicId: string | null;
  type: BriefType;
  priority: BriefPriority;
  title: string;
  /** Markdown from an agent: untrusted. */
  summary: string;
  actions: BriefActionView[];
  /**
   * The ids of pictures of a watched page: before the change, if there was one then, and after it. Served as
   * `/api/pictures/<id>`, as long as they are kept.
   */
  pictures: string[] | null;
  /** What its agent says that it is about; null where it says nothing, and for briefs of the system. */
  key: string | null;
  /** What the system asks or tells with it; null for what an agent tells of its own. */
  purpose: BriefPurpose | null;
  /** The document of the task that its agent names, whether there is one or not. */
  document: string | null;
  readAt: Date | null;
  resolvedAt: Date | null;
  /** The key of one of its actions, or `recovered` when a success resolved it. */
  resolvedAction: string | null;
  resolvedComment: string | null;
  /** Null where no person answered it. */
  resolvedEffect: AnswerEffect | null;
  occurrences: number;
  createdAt: Date;
  updatedAt: Date;
}

/** What followed from the answer to a brief. */
export interface AnswerEffect {
  /**
   * `waits`: for another answer. `ended`: the task is completed or has failed. `recorded`: the agent reads the
   * answer in the next run, if there is one; when that is has not changed.
   */
  kind: 'runs-now' | 'runs-later' | 'waits' | 'ended' | 'recorded';
  /** When the task runs, ISO 8601. */
  at: string | null;
  /** Nobody has answered in time, and this is what was to be taken then. */
  isUnanswered?: boolean;
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
  createdAt: Date;
}

/** One row of the ledger: why a task ran or did not run. */
export interface TickView {
  token: string;
  trigger: Trigger;
  dueAt: Date;
  armedAt: Date;
  publications: number;
  outcome: TickOutcome | null;
  reason: string | null;
  operationId: string | null;
  /** Which attempt at its occurrence the run that it started was; null without a run, or when that is removed. */
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

export type TaskRefView = Pick<Task, 'id' | 'identifier' | 'name' | 'status'>;

/**
 * The newest rows of each list, bounded; `task.topics`, `task.ticks`, `task.transcript` and `brief.list` page
 * through more.
 */
export interface TaskDetailView extends TaskView {
  agent: { id: string; name: string; kind: AgentKind } | null;
  parent: TaskRefView | null;
  topics: TopicView[];
  briefs: BriefView[];
  comments: CommentView[];
  activities: ActivityView[];
  subtasks: TaskRefView[];
  /**
   * Of all subtasks that are not canceled: how many are completed, and how many rest in the backlog or are paused.
   * Each count stops at `LIMITS.countedTasksMax`.
   */
  subtaskCounts: { total: number; done: number; resting: number };
  /** What this task waits for. */
  dependencies: TaskRefView[];
  /** What waits for this task. */
  dependents: TaskRefView[];
  documents: DocumentHead[];
  ticks: TickView[];
  hasOlderTicks: boolean;
  hasOlderActivities: boolean;
  runningOperation: OperationView | null;
}

export interface MessageView {
  id: string;
  topicId: string;
  role: MessageRole;
  content: string;
  /** What a person should know about the content, such as that a part of a prompt is no longer stored. */
  note: string | null;
  createdAt: Date;
}

/** An agent as it is stored, with its secrets. */
export interface StoredAgent {
  id: string;
  name: string;
  kind: AgentKind;
  config: Record<string, unknown>;
  /** What the last check of it has found. */
  checkVerdict: AgentVerdict | null;
  checkProblem: string | null;
  checkCure: Cure | null;
  /** Null: it was never checked as it is now. */
  checkedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
}

/** Secrets in its configuration are masked. */
export interface AgentView
  extends Omit<StoredAgent, 'checkVerdict' | 'checkProblem' | 'checkCure' | 'checkedAt'> {
  /** Why its runs must fail until a person acts, and what to do. Null: nothing stands in their way. */
  problem: string | null;
  readiness: ReadinessView;
}

/** Whether an agent can run, as far as that is known without running it. */
export interface ReadinessView {
  /** Null: it was not checked yet as it is now. */
  verdict: AgentVerdict | null;
  /** What is wrong, with the remedy. Null: nothing. */
  problem: string | null;
  /** The page on which a person corrects it. */
  cure: BriefActionView | null;
  checkedAt: Date | null;
}

/** One change, as live pages receive it. A stream resumes after `id`. */
export interface TaskEventView extends Omit<ActivityView, 'createdAt'> {
  at: Date;
}

/** What one pass of the watchdog found and repaired (PROTOCOL §5). */
export interface WatchdogCounts {
  stuck: number;
  unpublished: number;
  lost: number;
  orphans: number;
  impossible: number;
  /** Rows of deleted tasks, and of history past its retention, that were removed. */
  leftovers: number;
}

export interface CommandSandboxView {
  kind: CommandSandboxKind;
  /** What commands can read all the same. */
  exposed: CommandExposure[];
  /** Why there is nothing better; null where nothing is exposed, or a sandbox is not wanted. */
  problem: string | null;
  /** A sandbox that hides everything is required, so no command is run. */
  refuses: boolean;
}

/** The encryption of stored secrets. */
export interface SecretsView {
  /** Where the key of this server comes from: `SECRETS_KEY`, a file in the data folder, or nowhere. */
  key: 'environment' | 'file' | 'none';
  /** Why stored secrets cannot be opened, and what to do. Null: they can. */
  problem: string | null;
}

export interface SystemStatusView {
  mode: 'local' | 'queue';
  scheduler: SchedulerKind;
  database: 'embedded' | 'external';
  version: string;
  /** These three stop at `LIMITS.countedTasksMax`, which means that many or more. */
  armed: number;
  overdue: number;
  running: number;
  lastWatchdogRun: ({ at: Date } & WatchdogCounts) | null;
  /** Event streams that are open at this process: one for each browser that shows a page. */
  liveStreams: number;
  /** As the watchdog last measured it; null before its first pass. */
  storage: StorageView | null;
  /** Whether a model provider is configured. If not, the pages say what to do. */
  modelConfigured: boolean;
  /** The names in AGENT_COMMANDS that a command agent may use. */
  commands: string[];
  /** The names in AGENT_WORKSPACES of which a command agent may be given a worktree. */
  repositories: string[];
  /** What confines them; null where there are none. */
  commandSandbox: CommandSandboxView | null;
  secrets: SecretsView;
  heartbeatMinSeconds: number;
  /** Wrong passwords given to this process since it started. Null: none. */
  wrongPasswords: { count: number; lastAt: Date } | null;
}

/** How runs ended lately. */
export interface RecentRunsView {
  /**
   * The runs that began since then. Later than asked for when there were `LIMITS.countedTasksMax` or more.
   */
  since: Date;
  total: number;
  outcomes: Partial<Record<OperationStatus, number>>;
  /** The most frequent error codes by their class, at most ten. */
  failures: { failureClass: FailureClass | null; code: string; count: number }[];
  /**
   * How late the newest runs that were due began: half of them, and nineteen in twenty, were no later. Null
   * without such runs.
   */
  lateP50Ms: number | null;
  lateP95Ms: number | null;
  /** Why the newest of the wake-ups that were scheduled since then did not start a run. */
  skips: Record<string, number>;
}

/** What a person must act on, and how the last day went. */
export interface SystemOverviewView {
  /** Each count stops at `LIMITS.countedTasksMax`. `task.list` takes the same names as `attention`. */
  attention: Record<TaskAttention, number>;
  lastDay: RecentRunsView;
  /** The agents that tasks use and that cannot run, by their last check. */
  agentsNotReady: (Pick<AgentView, 'id' | 'name'> & Pick<ReadinessView, 'verdict' | 'problem' | 'cure'>)[];
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}
