import type {
  CodingProgram,
  FailureClass,
  MessageRole,
  OperationStatus,
  ReviewVerdict,
  StepKind,
  StepStatus,
  ToolPolicy,
  Trigger,
} from '../status';
import type { ApprovalAnswer } from '../steps';

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
  /** The conversation that the program of a coding agent keeps. Null: it has none. */
  session: ProgramSession | null;
  /**
   * What its ended runs have used together: tokens, and the cost where it is known. Null: nothing is
   * reported.
   */
  usage: Record<string, number> | null;
  /** How many runs it has had: more than one where a person, or a further attempt, went on in it. */
  runs: number;
  /** Milliseconds that its ended runs have taken together, without the time between them. */
  workedMs: number;
  createdAt: Date;
  endedAt: Date | null;
}

/**
 * A conversation that a program such as Claude Code keeps for itself, by which a later run can go on in it.
 */
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

/** One check of the work of a run (PROTOCOL §4.4), by the operation that made it. */
export interface ReviewView {
  operationId: string;
  /** The status of the operation. A reviewer that broke has no verdict; its check is made again. */
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
  /** The name of the model or the tool. */
  name: string;
  status: StepStatus;
  /** The policy for a call of a tool; null for a call of the model. */
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
  /**
   * What the person, or the system in their place, said to the question whether it may be called. Null:
   * nothing yet.
   */
  answer: (ApprovalAnswer & { at: Date }) | null;
}

/** The steps of all runs of a topic, the newest first. */
export interface TimelineView {
  items: StepView[];
  nextCursor: string | null;
  /** The sums over all steps, on whichever page. Null: no step has any. */
  total: { steps: number; inputTokens: number | null; outputTokens: number | null; costUsd: number | null };
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
