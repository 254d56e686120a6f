import type {
  AgentDocument,
  AgentFault,
  AgentKind,
  ApprovalAnswer,
  BriefActionView,
  BriefView,
  CodingProgram,
  DocumentVersion,
  DocumentView,
  FailureClass,
  FullCapView,
  KindSettings,
  MessageView,
  ProgramSession,
  RelatedTask,
  ReviewVerdict,
  StepKind,
  StepStatus,
  StoredDocument,
  TokenUsage,
  ToolPolicy,
  Trigger,
} from '@everbeat/domain';
import type { PagePreview } from './pagePreview';

/** One run of an agent. Plain data, so that any runtime can be driven in a test. */
export interface AgentRequest {
  operationId: string;
  taskId: string;
  taskIdentifier: string;
  topicId: string;
  userId: string;
  trigger: Trigger;
  /** The task's instruction alone. */
  instruction: string;
  /** A person has written it; of a subtask it may be an agent's words. */
  isInstructionTyped: boolean;
  /** The rendered prompt. Built on first call, so that a runtime that needs none costs no query. */
  prompt(): Promise<string>;
  /** The agent's stored configuration, not yet checked: each runtime parses its own. */
  config: unknown;
  /**
   * What the task sets for this kind of agent (`task.config[kind]`), also unchecked; undefined if it sets
   * nothing.
   */
  settings: unknown;
  /** What the agent returned as `memory` in an earlier run of this task; null at first. */
  memory: unknown;
  /** The same for every attempt at one occurrence, so that what was done once is not done again. */
  occurrence: string;
  /** Which attempt at the occurrence this is, from 1. */
  attempt: number;
  /** A run without a task: nothing of it is kept. */
  isTrial?: boolean;
  /**
   * Where an agent that answered 202 reports later. Contains a secret that is valid for this operation alone.
   */
  callbackUrl: string;
  /**
   * Aborted when a person stops the run or its lease is lost. The runtime must end soon after, with all it
   * started.
   */
  signal: AbortSignal;
  /** Adds a step to the transcript during the run. Never throws and need not be awaited. */
  emit(message: TranscriptEntry): void;
  /** Of an agent that keeps steps. Left out for a trial, of which nothing is kept. */
  steps?: StepJournal;
  /** The documents of the task. Left out for a trial, which has none. */
  documents?: DocumentReader;
  /** Left out for a trial, which belongs to no task. */
  tasks?: TaskReader;
  /** The sessions of the programs of the task. Left out for a trial, which has none. */
  sessions?: SessionKeeper;
  /** What the run may still spend. Left out: nothing is capped. */
  budget?: BudgetLeft;
  /**
   * Left out unless this run checks the work of another (PROTOCOL §4.4): then its prompt tells of that work, it goes on
   * with no earlier conversation, and of its report only the verdict counts.
   */
  review?: ReviewRequest;
}

/** Keeps the conversations that programs such as Claude Code have by themselves, each at its topic. */
export interface SessionKeeper {
  /**
   * The session to go on with: that of this topic, or of an earlier attempt at this occurrence; with `ofTask` also the
   * last one of the task. `number`: of its topic. Null: there is none.
   * @throws the signal's reason, or a database error that lasts
   */
  find(
    program: CodingProgram,
    options: { ofTask: boolean },
  ): Promise<{ session: ProgramSession; number: number } | null>;
  /** Never rejects: a session that could not be kept is not gone on with, and no more. */
  keep(session: ProgramSession): Promise<void>;
}

/** What is left of a run's budget before it begins. */
export interface BudgetLeft {
  /** Under whichever cap leaves the least. Left out: no amount is capped. */
  leftUsd?: number;
  /** Of input and output together. */
  leftTokens?: number;
}

/** The work that a run checks. All but the requirement was written by the agent that is checked: untrusted. */
export interface ReviewRequest {
  requirement: string;
  /** How often the work has been handed in, and how often it may be before the person is asked. */
  iteration: number;
  maxIterations: number;
  report: string;
  /** Those that its runs in this topic have written, as they are now. Long texts are shortened. */
  documents: ReviewedDocument[];
  /** What the run is known to have done. Empty where its agent leaves no steps. */
  steps: ReviewedStep[];
}

export type ReviewedDocument = Pick<DocumentView, 'name' | 'version' | 'content'>;

/** One step of the work, shortened. */
export interface ReviewedStep {
  name: string;
  status: StepStatus;
  input: string;
  output: string;
}

/** What a reviewer has found. Without a verdict it was not called, because the check was turned off. */
export interface ReviewFinding {
  verdict: ReviewVerdict | null;
  reasons: string[];
}

/** Reads the documents of the task of a run, as they are at that moment. */
export interface DocumentReader {
  list(): Promise<StoredDocument[]>;
  /** Null: there is none of this name. */
  read(name: string): Promise<Pick<DocumentView, 'name' | 'version' | 'content'> | null>;
}

/** What a run may read of a task that belongs together with its own. Lists have the newest first. */
export interface ViewedTask {
  instruction: string;
  error: string | null;
  reports: { number: number; status: string; at: Date; title: string | null; text: string | null }[];
  briefs: { type: string; title: string; summary: string; answer: string | null }[];
  comments: { author: string; text: string }[];
  /** Their names. */
  documents: string[];
}

/** Reads the task of a run, its parent, its subtasks and what it depends on, as they are at that moment. */
export interface TaskReader {
  /** The task itself first. */
  related(): Promise<RelatedTask[]>;
  /** Null: it is not one of those. */
  view(taskId: string): Promise<ViewedTask | null>;
  /** The documents of one of those. */
  documentsOf(taskId: string): DocumentReader;
}

/** One step of a run: a call of the model, or of a tool (PROTOCOL §9). */
export interface RunStep {
  /** Its place in the run, from 0. */
  index: number;
  kind: StepKind;
  /** Of the model or the tool. */
  name: string;
  status: StepStatus;
  /** Of a call of a tool. */
  policy: ToolPolicy | null;
  /** JSON. */
  input: unknown;
  /** JSON; null while it has none. */
  result: unknown;
  usage: AgentUsage | null;
  /**
   * Of a call of the model that has failed, or is made again: `none` if nobody can have been paid for the try before.
   * Left out: that is not known.
   */
  charge?: 'none';
}

/** What a call of a model may cost at most (PROTOCOL §10). */
export interface CallCost {
  /** `provider/model`. */
  model: string;
  /** In micro-dollars. Null: the price is not known, so that only tokens count. */
  micros: number | null;
  /** Of input and output together. */
  tokens: number;
}

/** A step that an earlier process has recorded. */
export interface RecordedStep extends RunStep {
  /** The person's answer to a step that waits for one; null: there is none yet. */
  answer: ApprovalAnswer | null;
}

/** What a person is asked. */
export interface QuestionText {
  title: string;
  /** Markdown. */
  summary: string;
  actions: BriefActionView[];
  /** How long their answer is waited for. Left out: as long as for an approval. */
  waitHours?: number | undefined;
}

/** What a person is asked about a step of a run. */
export interface StepQuestion extends QuestionText {
  /** Of the step, which is recorded as waiting. */
  index: number;
}

/** Keeps the steps of one run, so that another process can go on with it. */
export interface StepJournal {
  /** What is recorded of the run so far, by index. Empty for a run that begins. */
  recorded(): Promise<RecordedStep[]>;
  /**
   * Commits the steps as they are now. A step is committed as `started` before it is executed, and again with its
   * result. When it resolves, this process still has the run. `cost`: of the call of the model that starts as the last
   * of these steps, which is reserved with it. Returns the caps that leave no room for it: then that step is not
   * written, and must not be executed. Null: it may be.
   * @throws the signal's reason when it has not, or when nothing can be written; then the run must end at once
   */
  write(steps: readonly RunStep[], cost?: CallCost): Promise<readonly FullCapView[] | null>;
  /**
   * The same, together with a version of a document that the last of these steps makes: both are stored, or neither.
   * False: somebody else has made that version meanwhile.
   */
  writeDocument(steps: readonly RunStep[], document: DocumentVersion): Promise<boolean>;
  /** Whether the run should stop between two steps: another process will go on. */
  shouldYield(): boolean;
}

export type TranscriptEntry = Pick<MessageView, 'role' | 'content'>;

export interface AgentBrief extends Pick<BriefView, 'type' | 'priority' | 'title' | 'summary'> {
  /** What the person may choose from. Left out or empty: the options of its type. */
  actions?: BriefActionView[] | undefined;
  /** What the brief is about, in the agent's own words. */
  key?: string;
  /** The name of a document of the task that it is about. */
  document?: string;
  /** Of a watched page, before and after what it tells of: ids of pictures of this run or earlier ones. */
  pictures?: string[];
  /** Updates the task's open brief of this purpose instead of adding one. */
  purpose?: 'change';
}

export interface AgentUsage extends TokenUsage {
  /** Left out where it is not known: no price of the model is. */
  costUsd?: number;
}

export interface AgentSubtask {
  name?: string;
  instruction: string;
}

/** The report of a run. All of it takes effect in the transaction that settles the run, or none of it. */
export interface AgentReport {
  /** The report in full, Markdown. */
  content: string;
  title?: string;
  briefs?: AgentBrief[];
  comments?: string[];
  subtasks?: AgentSubtask[];
  /** What it writes into documents of the task, in this order. */
  documents?: AgentDocument[];
  goalMet?: boolean;
  nextRunInSeconds?: number;
  usage?: AgentUsage;
  /** What the task may be called, if no person has named it. */
  taskName?: string;
  /** A picture (JPEG) to be kept, under an id of its own. */
  picture?: { id: string; bytes: Uint8Array };
  /** JSON stored for the next run of this task. Left out: what was stored before stays. */
  memory?: unknown;
  /** Of a run that checks the work of another. All else of its report but the content is ignored. */
  verdict?: ReviewFinding;
}

export interface AgentFailure {
  /** Such as `agent_timeout`, `agent_http_500`, `agent_bad_answer`. */
  errorCode: string;
  /** What happened and what a person can do. Contains no secrets. */
  errorMessage: string;
  /** Why it failed. Left out: as the code says. */
  failureClass?: FailureClass;
  /** The far side asks not to be called again sooner than this. */
  retryAfterSeconds?: number;
  /**
   * The host that failed, such as `api.example.com:8443`, or the network (`farSideOf`), where it was another:
   * its outage hits many tasks.
   */
  farSide?: string;
  /** It stopped at what was left of its budget, which it was told. */
  isOverBudget?: boolean;
  usage?: AgentUsage;
  content?: string;
  /** What it had told already. It takes effect unless a further attempt goes on from there, and tells it again. */
  told?: ToldBeforeFailure;
}

export type ToldBeforeFailure = Pick<AgentReport, 'briefs' | 'comments' | 'subtasks'>;

/**
 * `accepted`: the agent works on elsewhere and reports to the callback within `timeoutSeconds`.
 * `canceled`: the signal was aborted; whoever aborted it settles the operation.
 * `yielded`: it stopped between two steps, as its journal asked; another process goes on.
 * `waiting`: it stopped before a step that a person must approve.
 * `budget`: it ended with what it has, because these caps leave no room for more.
 */
export type AgentOutcome =
  | ({ kind: 'done' } & AgentReport)
  | ({ kind: 'error' } & AgentFailure)
  | { kind: 'accepted'; timeoutSeconds: number }
  | { kind: 'yielded' }
  | { kind: 'waiting'; question: StepQuestion }
  | ({ kind: 'budget'; full: readonly FullCapView[] } & AgentReport)
  | { kind: 'canceled' };

export interface PreviewRequest {
  /** The agent's stored configuration. Null: it has none yet. */
  config: unknown;
  /** What was typed so far of what the task will set for this kind of agent, whether it fits or not. */
  settings: KindSettings;
  userId: string;
  signal: AbortSignal;
}

export type PreviewOutcome =
  | { kind: 'done'; page: PagePreview }
  | ({ kind: 'error' } & AgentFailure)
  | { kind: 'canceled' };

/** What is to be checked, before a run or without one. */
export interface CheckRequest {
  /** The agent's stored configuration. */
  config: unknown;
  /** What a task sets for this kind of agent. Null: no task is meant, so what a task may still set is not missed. */
  settings: { ofTask: KindSettings | undefined } | null;
  userId: string;
  /** Bounds the time of the whole check. */
  signal: AbortSignal;
}

/**
 * Runs agents of one kind. `run` never rejects: every failure is an outcome. The caller renews the lease
 * meanwhile.
 */
export interface AgentRuntime {
  readonly kind: AgentKind;
  /** Its runs are lists of steps in a journal: one whose process is gone is gone on with (PROTOCOL §9). */
  readonly keepsSteps?: boolean;
  run(request: AgentRequest): Promise<AgentOutcome>;
  /**
   * Returns the configuration as it may be stored.
   * @throws AppError `agent-misconfigured`, with what is wrong and how to correct it
   */
  checkConfig(config: unknown): unknown;
  /**
   * Why runs with a stored configuration must fail as the operator has set this server up, and what to do: a
   * key that is missing, a command that is not allowed any more. Null: nothing stands in their way.
   */
  problemOf(config: unknown): string | null;
  /**
   * What a run would need and does not have: what `problemOf` knows, and whether what it calls is there and takes its
   * credentials. It does nothing of the work, and calls no model. What has not answered when the signal is aborted
   * counts as unavailable. Left out: nothing is checked.
   */
  check?(request: CheckRequest): Promise<AgentFault[]>;
  /** Shows what a task would begin with, before it is made. Never rejects. Left out: such agents have nothing to show. */
  preview?(request: PreviewRequest): Promise<PreviewOutcome>;
}
