import type { DocumentView, StepStatus, Trigger } from '@everbeat/domain';
import type { DocumentReader, SessionKeeper, TaskReader } from './readers';
import type { TranscriptEntry } from './report';
import type { StepJournal, ToldStep } from './steps';

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
  /**
   * Whether the task lets the agent choose when it runs next (`task.config.pacing`). Left out: it does not.
   */
  mayChooseWakeUp?: boolean;
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
  /**
   * Shows a step of a program that keeps its own. Never throws and need not be awaited. Left out for a trial.
   */
  tellStep?(step: ToldStep): void;
  /** The journal of an agent that keeps steps. Left out for a trial, of which nothing is kept. */
  steps?: StepJournal | undefined;
  /** The documents of the task. Left out for a trial, which has none. */
  documents?: DocumentReader;
  /** Left out for a trial, which belongs to no task. */
  tasks?: TaskReader;
  /** The sessions of the programs of the task. Left out for a trial, which has none. */
  sessions?: SessionKeeper | undefined;
  /** What the run may still spend. Left out: nothing is capped. */
  budget?: BudgetLeft | undefined;
  /**
   * Left out unless this run checks the work of another (PROTOCOL §4.4): then its prompt tells of that work,
   * it goes on with no earlier conversation, and of its report only the verdict counts.
   */
  review?: ReviewRequest | undefined;
}

/** What is left of a run's budget before it begins. */
export interface BudgetLeft {
  /** Under whichever cap leaves the least. Left out: no amount is capped. */
  leftUsd?: number;
  /** Tokens of input and output together. */
  leftTokens?: number;
}

/**
 * The work that a run checks. All but the requirement was written by the agent that is checked: untrusted.
 */
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
