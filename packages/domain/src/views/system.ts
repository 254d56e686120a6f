import type {
  CommandExposure,
  CommandSandboxKind,
  FailureClass,
  OperationStatus,
  SchedulerKind,
  TaskAttention,
} from '../status';
import type { StorageView } from '../storageGrowth';
import type { AgentView, ReadinessView } from './agents';

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
  /** Whether the operator has set a mail server (SMTP_URL), by which channels of kind `email` send. */
  mailConfigured: boolean;
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

/** How the runs of the last days ended, those that are no longer kept included. */
export interface RecentDaysView
  extends Pick<RecentRunsView, 'since' | 'total' | 'outcomes' | 'failures' | 'lateP50Ms' | 'lateP95Ms'> {
  /** The days in UTC (`2026-11-28`) on which runs began, in their order. */
  byDay: { day: string; done: number; failed: number; other: number }[];
}

/** What a person must act on, and how the last day went. */
export interface SystemOverviewView {
  /** Each count stops at `LIMITS.countedTasksMax`. `task.list` takes the same names as `attention`. */
  attention: Record<TaskAttention, number>;
  lastDay: RecentRunsView;
  /** The agents that tasks use and that are not ready, by their last check. */
  agentsNotReady: (Pick<AgentView, 'id' | 'name'> & Pick<ReadinessView, 'verdict' | 'problem' | 'cure'>)[];
}
