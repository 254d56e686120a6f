import type { ApprovalAnswer, DocumentVersion, ToolPolicy } from '@everbeat/domain';
import type { JSONSchema7 } from 'ai';
import type { QuestionText } from '../port';

/** What a call of a tool is made with. */
export interface ToolCall {
  /**
   * The key of this call, the same whenever it is made again: what the tool passes on, so that what was done
   * once is not done again (PROTOCOL §9).
   */
  occurrence: string;
  /** Aborted when the run has to stop; the call must end soon after. */
  signal: AbortSignal;
}

/** What a call answers that writes a document of the task. */
export interface DocumentAnswer {
  output: string;
  /** Stored in the commit that records the call as done. */
  document: DocumentVersion;
}

/**
 * Something that a model may call. The loop of a run knows tools by this port alone: it asks their policy,
 * records each call as a step, and decides by `readOnly` and `idempotent` whether a call whose outcome is
 * unknown is made again.
 */
export interface AgentTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: JSONSchema7;
  /** It changes nothing anywhere. */
  readonly readOnly: boolean;
  /** A call that is made twice under one occurrence is carried out once. */
  readonly idempotent: boolean;
  readonly policy: ToolPolicy;
  /** False: it is not what the person has seen, so no earlier "always" answers for it. Left out: true. */
  readonly isPinned?: boolean;
  /**
   * What the model reads. Anything that is thrown is shown to the model as an error, and the run goes on;
   * only the message of a `ToolError` is shown as it is. Called again if somebody else has made the version
   * of a document that it answered.
   * @param input as the model wrote it, unchecked
   */
  execute(input: unknown, call: ToolCall): ToolAnswer | Promise<ToolAnswer>;
  /**
   * For a tool that does nothing before its call is recorded as done: one that notes something for the report
   * of the run, or writes a document. Notes a recorded call again, in a process that takes the run over; of a
   * document also the call itself, once it is recorded.
   */
  restore?(input: unknown): void;
  /** What a tool asks that the person answers: its calls are not executed, and the answer is their result. */
  readonly asks?: AskedPerson;
}

export interface AskedPerson {
  /** @throws ToolError when the model has asked for something that cannot be asked */
  question(input: unknown, taskIdentifier: string): QuestionText;
  /** What the model reads. */
  answer(input: unknown, answer: ApprovalAnswer): string;
}

export type ToolAnswer = string | DocumentAnswer;

/** Why a tool did not do what it was called for, in words for the model. Contains no secrets. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

/** A call that was sent, and whose answer did not come or cannot be read: it may have been carried out. */
export class UnansweredCallError extends ToolError {}
