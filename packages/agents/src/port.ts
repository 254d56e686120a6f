import type { AgentKind, BriefPriority, BriefType, MessageRole, Trigger } from '@everbeat/domain';

/** What the agent is to work on. Plain data, so that any runtime can be driven in a test. */
export interface AgentRequest {
  operationId: string;
  taskId: string;
  taskIdentifier: string;
  topicId: string;
  userId: string;
  trigger: Trigger;
  /** The task's instruction alone, as the person wrote it. */
  instruction: string;
  /** The rendered prompt. Built on first call, so that a runtime that needs none costs no query. */
  prompt(): Promise<string>;
  /** The agent's stored configuration, still unchecked: each runtime parses its own. */
  config: unknown;
  /** `task.config.watch`, which goes before a watch agent's own address. */
  watch: { url: string; selector?: string } | undefined;
  /** What this runtime left as `memory` in an earlier run of this task; null at first. */
  memory: unknown;
  /** Where a `202` answer is completed later; it carries a secret valid for this operation alone. */
  callbackUrl: string;
  /** Aborted when a person stops the run or its lease is lost. A runtime must end soon after, with all it started. */
  signal: AbortSignal;
  /** Shows a step of the transcript while the run goes on. Never throws, never needs awaiting. */
  emit(message: TranscriptEntry): void;
}

export interface TranscriptEntry {
  role: MessageRole;
  content: string;
}

export interface AgentBrief {
  type: BriefType;
  priority: BriefPriority;
  title: string;
  summary: string;
}

export interface AgentUsage {
  inputTokens?: number;
  outputTokens?: number;
  costUsd?: number;
}

/** What an agent reports beside its content. All of it takes effect in the transaction that settles the run, or not at all. */
export interface AgentReport {
  /** The report in full, Markdown. */
  content: string;
  title?: string;
  briefs?: AgentBrief[];
  comments?: string[];
  subtasks?: { name?: string; instruction: string }[];
  goalMet?: boolean;
  nextRunInSeconds?: number;
  usage?: AgentUsage;
  /** JSON kept for the next run of this task; left out: what was kept stays. */
  memory?: unknown;
}

export interface AgentFailure {
  /** Closed per runtime: `agent_timeout`, `agent_http_500`, `agent_bad_answer`, … */
  errorCode: string;
  /** What happened and what a person can do; no secret in it. */
  errorMessage: string;
  usage?: AgentUsage;
  content?: string;
}

/**
 * `accepted`: the agent goes on elsewhere and completes through the callback within `timeoutSeconds`.
 * `canceled`: the signal was aborted; whoever aborted it settles the operation.
 */
export type AgentOutcome =
  | ({ kind: 'done' } & AgentReport)
  | ({ kind: 'error' } & AgentFailure)
  | { kind: 'accepted'; timeoutSeconds: number }
  | { kind: 'canceled' };

/** One way of getting work done. `run` never throws: every failure is an outcome. The caller beats the lease meanwhile. */
export interface AgentRuntime {
  readonly kind: AgentKind;
  run(request: AgentRequest): Promise<AgentOutcome>;
  /**
   * The configuration as it may be stored.
   * @throws AppError `agent-misconfigured`, with what is wrong and how to mend it
   */
  checkConfig(config: unknown): unknown;
}
