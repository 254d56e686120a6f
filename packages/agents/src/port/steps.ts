import type {
  ApprovalAnswer,
  BriefActionView,
  DocumentVersion,
  FullCapView,
  StepKind,
  StepStatus,
  ToolPolicy,
} from '@everbeat/domain';
import type { AgentUsage } from './report';

/** One step of a run: a call of the model, or of a tool (PROTOCOL §9). */
export interface RunStep {
  /** Its place in the run, from 0. */
  index: number;
  kind: StepKind;
  /** The name of the model or the tool. */
  name: string;
  status: StepStatus;
  /** The policy for a call of a tool; null for a call of the model. */
  policy: ToolPolicy | null;
  /** JSON. */
  input: unknown;
  /** JSON; null while it has none. */
  result: unknown;
  usage: AgentUsage | null;
  /**
   * Where a call of the model has failed, or is made again: `none` if nobody can have been paid for the try
   * before. Left out: that is not known.
   */
  charge?: 'none';
}

/** What a call of a model may cost at most (PROTOCOL §10). */
export interface CallCost {
  /** `provider/model`. */
  model: string;
  /** In micro-dollars. Null: the price is not known, so that only tokens are reserved. */
  micros: number | null;
  /** Its provider says afterwards what it has cost. Left out: it does not. */
  isReported?: boolean;
  /** Tokens of input and output together. */
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
  /** The key of the option that is chosen if nobody answers by then. Left out: nothing is chosen. */
  defaultAction?: string | undefined;
}

/** What a person is asked about a step of a run. */
export interface StepQuestion extends QuestionText {
  /** The index of the step, which is recorded as waiting. */
  index: number;
}

/** Keeps the steps of one run, so that another process can go on with it. */
export interface StepJournal {
  /** What is recorded of the run so far, by index. Empty for a run that begins. */
  recorded(): Promise<RecordedStep[]>;
  /**
   * Commits the steps as they are now. A step is committed as `started` before it is executed, and again with
   * its result. When it resolves, this process still has the run. `cost`: of the call of the model that
   * starts as the last of these steps, which is reserved with it. Returns the caps that leave no room for it:
   * then that step is not written, and must not be executed. Null: it may be.
   * @throws the signal's reason when it has not, or when nothing can be written; then the run must end at
   * once
   */
  write(steps: readonly RunStep[], cost?: CallCost): Promise<readonly FullCapView[] | null>;
  /**
   * The same, together with a version of a document that the last of these steps makes: both are stored, or
   * neither. False: somebody else has made that version meanwhile.
   */
  writeDocument(steps: readonly RunStep[], document: DocumentVersion): Promise<boolean>;
  /** Whether the run should stop between two steps: another process will go on. */
  shouldYield(): boolean;
}

/**
 * A call of a tool that a program has made by itself, as its events tell: once when it begins, and once at
 * its end.
 */
export interface ToldStep {
  /** Its place among those of its program, from 0. */
  index: number;
  name: string;
  /** What it was called with, in one line. */
  input: string;
  status: Extract<StepStatus, 'started' | 'done' | 'failed'>;
}
