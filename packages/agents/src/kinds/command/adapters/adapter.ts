import type { CodingProgram, FailureClass } from '@everbeat/domain';
import { z } from 'zod';
import type { AgentUsage, TranscriptEntry } from '../../../port';
import type { CommandWords } from './commandWords';
import type { StepLog } from './stepLog';

/** What a known program says of its run in its own format. */
export interface ProgramReport {
  content?: string | undefined;
  usage?: AgentUsage | undefined;
  failure?: ProgramFailure | undefined;
}

export interface ProgramFailure {
  errorMessage: string;
  failureClass: FailureClass;
  retryAfterSeconds?: number | undefined;
  /** It stopped at the limit that it was given for this run. */
  isOverBudget?: boolean | undefined;
}

export const programEventSchema = z.looseObject({ type: z.string() });
export type ProgramEvent = z.output<typeof programEventSchema>;

/** Reads the events of one run of a program, in their order. What it does not know, it passes over. */
export interface EventReader {
  /** What the transcript shows of an event. */
  read(event: ProgramEvent): TranscriptEntry[];
  /** The calls of tools that the events tell of. */
  readonly steps: StepLog;
  /**
   * By which a later run can go on in this conversation. Null: it has not been named, or not by a usable id.
   */
  readonly sessionId: string | null;
  /** What the conversation has used since it began, where the program counts that and not the run. */
  readonly sessionUsage: AgentUsage | undefined;
  /**
   * What the run has used as far as the events tell; of one that is cut off, that is all that is ever known.
   */
  readonly usage: AgentUsage | undefined;
  /** The program has taken the prompt up: what it does from now on may have effects. */
  readonly hasBegun: boolean;
  /** Its last call of the model failed, and it tries again. Null: it does not, as far as is known. */
  readonly stuckOn: ProgramFailure | null;
  /** Null: what ends a run was not among the events. */
  report(): ProgramReport | null;
}

/** A conversation of a program that is to be gone on with. */
export interface ResumedSession {
  id: string;
  /** What it had used before this run, where the program counts on. */
  usage?: AgentUsage | undefined;
}

/** What a run asks of its program beside the prompt. */
export interface ProgramWishes {
  session: ResumedSession | null;
  /** What the run may spend, if that is limited. */
  budgetUsd: number | null;
}

/** What is known of one program that prints events: how it is started, and what its events mean. */
export interface Adapter {
  readonly name: CodingProgram;
  /** Whether the words of a command line start the program in the way that prints events, or could. */
  recognizes(words: CommandWords): boolean;
  /** Whether an output that begins with this event is the program's. */
  isFirstEvent(event: ProgramEvent): boolean;
  /** Its command line with what makes it print events, go on with a session and keep to a budget. */
  extend(commandLine: string, words: CommandWords, wishes: ProgramWishes): string;
  createReader(resumed: ResumedSession | null): EventReader;
}

/** The ids of both programs. It goes into a command line, so nothing else passes. */
const SESSION_ID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

export const isSessionId = (text: string): boolean => SESSION_ID.test(text);
