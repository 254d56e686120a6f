import type {
  AgentDocument,
  AskedExpiry,
  AskedTime,
  BriefActionView,
  BriefView,
  FailureClass,
  MessageView,
  ReviewVerdict,
  TokenUsage,
} from '@everbeat/domain';

export type TranscriptEntry = Pick<MessageView, 'role' | 'content'>;

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
  /** What a run found that checks the work of another. All else of its report but the content is ignored. */
  verdict?: ReviewFinding;
}

export interface AgentBrief extends Pick<BriefView, 'type' | 'priority' | 'title' | 'summary'> {
  /** What the person may choose from. Left out or empty: the options of its type. */
  actions?: BriefActionView[] | undefined;
  /** What is chosen if nobody answers. */
  expiry?: AskedExpiry | undefined;
  /** When the person is asked again. */
  escalation?: AskedTime | undefined;
  /** What the brief is about, in the agent's own words. */
  key?: string;
  /** The name of a document of the task that it is about. */
  document?: string;
  /** Pictures of a watched page before and after what the brief tells of: ids of this run or earlier ones. */
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

/** What a reviewer has found. Without a verdict it was not called, because the check was turned off. */
export interface ReviewFinding {
  verdict: ReviewVerdict | null;
  reasons: string[];
}

/** What stands also where its run failed. */
export type AgentTold = Pick<AgentReport, 'briefs' | 'comments' | 'subtasks' | 'documents'>;

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
  /** What the run has told all the same. Left out: nothing. */
  told?: AgentTold;
}
