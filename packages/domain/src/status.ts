/**
 * The closed lists of the protocol. Database checks, zod schemas (`listSchemas.ts`) and types are all derived
 * from these arrays. No zod here: pages show these lists and check nothing.
 */

export const TASK_STATUSES = [
  'backlog',
  'scheduled',
  'running',
  'paused',
  'completed',
  'failed',
  'canceled',
] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

/** A terminal task never starts because of a message, only by a person's action. */
export const TERMINAL_STATUSES = ['completed', 'failed', 'canceled'] as const satisfies readonly TaskStatus[];
export const isTerminal = (status: TaskStatus): boolean =>
  TERMINAL_STATUSES.some((terminal) => terminal === status);

/** A task in use has not reached its end. A failed one may be resumed. */
export const IN_USE_STATUSES = [
  'backlog',
  'scheduled',
  'running',
  'paused',
  'failed',
] as const satisfies readonly TaskStatus[];

/**
 * What a task may need a person for. `failing`: its last run failed, and it goes on. `provider`: it is tried
 * again until a far side answers.
 */
export const TASK_ATTENTION = ['needs-person', 'fuse', 'failing', 'decision', 'provider'] as const;
export type TaskAttention = (typeof TASK_ATTENTION)[number];

export const AUTOMATION_MODES = ['heartbeat', 'schedule'] as const;
export type AutomationMode = (typeof AUTOMATION_MODES)[number];

/**
 * What starts an operation. `review`: what a run has done is to be checked, so its agent is the reviewer.
 * `rework`: the check was not passed, and the agent of the task is told what was missing (PROTOCOL §4.4).
 */
export const TRIGGERS = [
  'manual',
  'heartbeat',
  'schedule',
  'brief',
  'dependency',
  'review',
  'rework',
] as const;
export type Trigger = (typeof TRIGGERS)[number];

/** Only runs started by the automation say anything about its health, so only these count for the fuse. */
export const isAutomationTrigger = (trigger: Trigger): boolean =>
  trigger === 'heartbeat' || trigger === 'schedule';

/**
 * How an operation that has not ended stands. `waiting`: parked until a person has answered (PROTOCOL §9).
 */
export const OPEN_STATUSES = ['running', 'waiting'] as const;
export const isOpen = (status: OperationStatus): boolean => OPEN_STATUSES.some((open) => open === status);
export const OPERATION_STATUSES = [
  ...OPEN_STATUSES,
  'done',
  'error',
  'interrupted',
  'timeout',
  'budget',
] as const;
export type OperationStatus = (typeof OPERATION_STATUSES)[number];

/** How an operation ends. `budget`: a cap left no room for more of it (PROTOCOL §10). */
export const SETTLED_STATUSES = ['done', 'error', 'interrupted', 'timeout', 'budget'] as const;
export type SettledStatus = (typeof SETTLED_STATUSES)[number];

/** What a step of a run is (PROTOCOL §9): a call of the model, or of a tool. */
export const STEP_KINDS = ['model', 'tool'] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/**
 * `started`: committed before it is executed, without a result yet. `waiting`: a person is asked whether it
 * may be executed. `declined`: it may not. `unknown`: whoever executed it is gone, and it may have happened.
 */
export const STEP_STATUSES = ['started', 'waiting', 'done', 'failed', 'declined', 'unknown'] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

/** Whether an agent may call a tool: at any time, after asking the person, or not at all. */
export const TOOL_POLICIES = ['allow', 'ask', 'deny'] as const;
export type ToolPolicy = (typeof TOOL_POLICIES)[number];

/** What a reviewer finds of the work of a run (PROTOCOL §4.4). */
export const REVIEW_VERDICTS = ['passed', 'failed', 'uncertain'] as const;
export type ReviewVerdict = (typeof REVIEW_VERDICTS)[number];

/** Why an operation failed, which decides what follows (PROTOCOL §4.1). */
export const FAILURE_CLASSES = ['agent', 'transient', 'rate-limit', 'needs-person', 'lost'] as const;
export type FailureClass = (typeof FAILURE_CLASSES)[number];

/** The classes of failures that a far side causes: it is tried again until it answers. */
export const STREAK_CLASSES = ['transient', 'rate-limit'] as const satisfies readonly FailureClass[];
export type StreakClass = (typeof STREAK_CLASSES)[number];

export const BLOCKERS = ['urgent-brief', 'fuse'] as const;
export type Blocker = (typeof BLOCKERS)[number];

/** Why the system has paused a task until a person acts. */
export const STOP_CAUSES = ['fuse', 'needs-person'] as const;
export type StopCause = (typeof STOP_CAUSES)[number];

export const BRIEF_TYPES = ['decision', 'result', 'insight', 'error'] as const;
export type BriefType = (typeof BRIEF_TYPES)[number];

export const BRIEF_PRIORITIES = ['urgent', 'normal', 'info'] as const;
export type BriefPriority = (typeof BRIEF_PRIORITIES)[number];

/** The keys of the system's own options. Those that an agent names are any others (`briefActions.ts`). */
export const BRIEF_ACTIONS = [
  'approve',
  'always',
  'decline',
  'feedback',
  'retry',
  'accept',
  'acknowledge',
  'dismiss',
  'complete',
  'continue',
  'open-agent',
  'edit-task',
  'open-system',
  'open-models',
  'open-servers',
  'open-channels',
  'start',
  'drop',
  'cancel',
  'keep',
  'raise',
  'wait',
  'stop',
  'keep-rhythm',
] as const;
export type BriefAction = (typeof BRIEF_ACTIONS)[number];

/**
 * Whether an option is nothing without words. It stands apart from the schemas of options, so that pages load
 * no zod.
 */
export const needsWords = ({ key }: { key: string }): boolean => key === ('feedback' satisfies BriefAction);

/**
 * Where a person removes what stands in the way of runs (PROTOCOL §4.1): in the settings of the agent, of the
 * task, of model providers, of the servers of tools, of the channels that reach the person, or of the server,
 * which the system page shows.
 */
export const CURES = [
  'open-agent',
  'edit-task',
  'open-system',
  'open-models',
  'open-servers',
  'open-channels',
] as const satisfies readonly BriefAction[];
export type Cure = (typeof CURES)[number];

/**
 * What a brief of the system is for: `failure` is the one open error brief of a streak of failures,
 * `approval` a result that waits for the person, `goal` the agent's proposal to complete the task, `end` says
 * why a loop has ended, `report` is the report of a run by `config.report`, `dependency` asks what to do
 * about dependencies that have ended without completing, `change` is what a watched page has become,
 * `subtasks` asks whether to start those that an agent has created, `subtasks-done` says that all of them are
 * completed, `document` that what an agent wrote into a document was not saved, `tool` asks whether a run may
 * call a tool, `budget` asks what to do when a cap leaves no room, `budget-warning` says that most of one is
 * spent. `review` what to do with work that did not pass its check, `absence` that the task beats more slowly
 * because nobody looks at it.
 */
export const BRIEF_PURPOSES = [
  'failure',
  'approval',
  'goal',
  'end',
  'report',
  'dependency',
  'change',
  'subtasks',
  'subtasks-done',
  'document',
  'tool',
  'budget',
  'budget-warning',
  'review',
  'absence',
] as const;
export type BriefPurpose = (typeof BRIEF_PURPOSES)[number];

/** When a task that an answer unblocks runs: at once, or at its next regular time. */
export const ANSWER_TIMES = ['now', 'next'] as const;
export type AnswerTime = (typeof ANSWER_TIMES)[number];

/** Why an answer cannot be taken back (PROTOCOL §4). */
export const NO_UNDO_REASONS = [
  'answered-before',
  'attempt-told',
  'budget-waits',
  'cap-raised',
  'others-changed',
  'others-told',
  'run-goes-on',
  'settings-changed',
  'task-ended',
] as const;
export type NoUndoReason = (typeof NO_UNDO_REASONS)[number];

/** What happens to subtasks that an agent creates: the values of `config.subtasks`. */
export const SUBTASK_RULES = ['start', 'ask', 'backlog'] as const;

/** The values of `config.report`. */
export const REPORT_RULES = ['always', 'changes', 'agent'] as const;

/** What happens to the rhythm of a task at which nobody looks: the values of `config.absence`. */
export const ABSENCE_RULES = ['slow', 'keep'] as const;

/** Who wrote a comment, or a version of a document. */
export const AUTHORS = ['user', 'agent'] as const;
export type Author = (typeof AUTHORS)[number];

/** What an entry of a task's history is about. */
export const ACTIVITY_KINDS = [
  'status',
  'edit',
  'brief',
  'comment',
  'document',
  'transcript',
  'arm',
  'deleted',
] as const;
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];

/** The values of TASK_SCHEDULER. `packages/scheduler/src` has a folder for each. */
export const SCHEDULER_KINDS = ['local', 'qstash'] as const;
export type SchedulerKind = (typeof SCHEDULER_KINDS)[number];

/** The values of COMMAND_SANDBOX. */
export const COMMAND_SANDBOX_MODES = ['auto', 'required', 'off'] as const;
export type CommandSandboxMode = (typeof COMMAND_SANDBOX_MODES)[number];

/** What confines commands: a sandbox of bubblewrap's, a user without rights for each task, or nothing. */
export const COMMAND_SANDBOX_KINDS = ['bubblewrap', 'user', 'none'] as const;
export type CommandSandboxKind = (typeof COMMAND_SANDBOX_KINDS)[number];

/**
 * What commands can read that is not theirs: the server's environment, its files of settings (`.env`), its
 * data folder, the folders of other tasks.
 */
export const COMMAND_EXPOSURES = ['environment', 'settings', 'data', 'tasks'] as const;
export type CommandExposure = (typeof COMMAND_EXPOSURES)[number];

/** The programs whose sessions a run can go on with. */
export const CODING_PROGRAMS = ['claude', 'codex'] as const;
export type CodingProgram = (typeof CODING_PROGRAMS)[number];

/** How a row of the ledger ends: with exactly one of these, once. */
export const TICK_OUTCOMES = ['fired', 'skipped', 'superseded'] as const;
export type TickOutcome = (typeof TICK_OUTCOMES)[number];

/** Why a tick did not start an operation. */
export const SKIP_REASONS = [
  'not-found',
  'mode-changed',
  'no-interval',
  'terminal',
  'paused',
  'stale-token',
  'human-waiting',
  'in-flight',
  'end-date',
  'early',
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** Why an arm is due later than its rule says: nobody looks at the task. */
export const DUE_REASONS = ['absence'] as const;
export type DueReason = (typeof DUE_REASONS)[number];

/** Why an arm was replaced or removed, as the ledger records it. */
export const SUPERSEDE_REASONS = [
  'manual-run',
  'started',
  'resumed',
  'edited',
  'paused',
  'canceled',
  'brief-resolved',
  'answer-undone',
  'repaired',
  'looked-at',
  'unreadable',
] as const;
export type SupersedeReason = (typeof SUPERSEDE_REASONS)[number];

/** The `reason` of a `brief` activity: what happened to the brief. */
export const BRIEF_CHANGES = [
  'opened',
  'repeated',
  'read',
  'unread',
  'snoozed',
  'unsnoozed',
  'resolved',
  'default-taken',
  'recovered',
  'reopened',
] as const;
export type BriefChange = (typeof BRIEF_CHANGES)[number];

/**
 * The `reason` of an `edit` activity that changed the task's links; any other edit names the edited fields.
 */
export const LINK_CHANGES = [
  'dependency-added',
  'dependency-removed',
  'dependent-added',
  'dependent-removed',
  'moved',
  'subtask-added',
  'subtask-removed',
] as const;
export type LinkChange = (typeof LINK_CHANGES)[number];

/** The `reason` of an `edit` activity of a task that was given the title of its page as its name. */
export const NAMED_AFTER_PAGE = 'named';

/** The `reason` of an `edit` activity of a task that a person has muted, or no longer mutes. */
export const MUTE_CHANGES = ['muted', 'unmuted'] as const;
export type MuteChange = (typeof MUTE_CHANGES)[number];

export const MESSAGE_ROLES = ['user', 'assistant', 'tool'] as const;
export type MessageRole = (typeof MESSAGE_ROLES)[number];

/** The stored action of a brief that was closed because its cause is over, and not by a person. */
export const RECOVERED_ACTION = 'recovered';
