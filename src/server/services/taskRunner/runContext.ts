import type { StepJournal } from '@everbeat/agents';
import type { RunMoney } from '../spend/runMoney';

export interface RunContext {
  /** The secret of the callback. */
  secret: string;
  /** Aborted when the agent has to stop. */
  signal: AbortSignal;
  /** Aborts the signal if the run may be over because this process stood still. */
  confirmLease: () => Promise<void>;
  isStopping: () => boolean;
  /** The journal of an agent that keeps steps; null for others. */
  journal: StepJournal | null;
  money: RunMoney;
  active: ActiveRun;
}

/** A run of this process, as a stop needs to know it. */
export interface ActiveRun {
  readonly operationId: string;
  hasCalledAgent: boolean;
  /** Ends the run as canceled, although its agent goes on. */
  giveUp(): void;
}
