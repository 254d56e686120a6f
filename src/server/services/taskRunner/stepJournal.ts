import type { RecordedStep, RunStep, StepJournal } from '@everbeat/agents';
import { type Batcher, createBatcher } from '@everbeat/batching';
import {
  type ClaimedRun,
  isContention,
  isDatabaseUnavailable,
  isUniqueViolation,
  loadSteps,
  type StepsWrite,
  writeSteps,
} from '@everbeat/database';
import { type DocumentVersion, stepOccurrence } from '@everbeat/domain';
import type { RunnerDeps } from './ports';
import { RETRIES_MAX, retryDelay } from './retryDelay';

/** The step writes of a process: those that arrive together share one statement. */
export type StepWrites = Batcher<StepsWrite, boolean>;

export const createStepWrites = ({ db, clock }: RunnerDeps): StepWrites =>
  createBatcher<StepsWrite, boolean>({
    run: async (items, wait) => {
      const written = await writeSteps(db, items, clock.now(), wait);
      return items.map(({ operationId }) => written.has(operationId));
    },
    maxBatchSize: 100,
    maxConcurrentBatches: 2,
    mayRetryAlone: (error) => !isDatabaseUnavailable(error),
  });

export interface JournalParts {
  writes: StepWrites;
  /** Aborted when the run has to stop. */
  signal: AbortSignal;
  /** Aborts the signal if the run may be another process's, because this one stood still. */
  confirmLease(): Promise<void>;
  /** Aborts the signal: the run is another process's, or has ended. */
  abort(): void;
  shouldYield(): boolean;
}

/**
 * The steps of one run in the database (PROTOCOL §9). Every write names the operation and the number of its lease, so
 * that a process whose run was taken over writes nothing more, and calls nobody after it.
 */
export class OperationJournal implements StepJournal {
  private readonly briefIds = new Map<number, string>();

  constructor(
    private readonly deps: RunnerDeps,
    private readonly run: ClaimedRun,
    private readonly parts: JournalParts,
  ) {}

  /** A run that has just been claimed for the first time has none, and reads nothing. */
  async recorded(): Promise<RecordedStep[]> {
    const { attempt, leaseEpoch, occurrence, state } = this.run;
    if (attempt === 1 && leaseEpoch === 0) return [];
    const rows = await this.whileAway(() => loadSteps(this.deps.db, { taskId: state.id, occurrence }));
    for (const { index, briefId } of rows) if (briefId !== null) this.briefIds.set(index, briefId);
    return rows;
  }

  /** The brief that asks the person about this step. It is named in the step before it is written. */
  briefIdOf(index: number): string {
    const known = this.briefIds.get(index) ?? this.deps.ids.row();
    this.briefIds.set(index, known);
    return known;
  }

  async write(steps: readonly RunStep[]): Promise<void> {
    const write = this.writeOf(steps);
    const { writes } = this.parts;
    await this.commit((isFirst) => (isFirst ? writes.add(write) : writes.addAlone(write)));
  }

  /** Alone, because it waits for the lock on the task, and fails if somebody else has made the version. */
  async writeDocument(steps: readonly RunStep[], document: DocumentVersion): Promise<boolean> {
    const write = { ...this.writeOf(steps), documents: [{ ...document, id: this.deps.ids.row() }] };
    try {
      await this.commit(() => this.parts.writes.addAlone(write));
      return true;
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      return false;
    }
  }

  private writeOf(steps: readonly RunStep[]): StepsWrite {
    const { operationId, leaseEpoch, occurrence } = this.run;
    const rows = steps.map((step) => ({
      ...step,
      briefId: step.status === 'waiting' ? this.briefIdOf(step.index) : null,
      usage: step.usage === null ? null : { ...step.usage },
      occurrence: stepOccurrence(occurrence, step.index),
    }));
    return { operationId, leaseEpoch, steps: rows };
  }

  private async commit(write: (isFirst: boolean) => Promise<boolean>): Promise<void> {
    const isWritten = await this.whileAway(write);
    if (!isWritten) this.parts.abort();
    await this.parts.confirmLease();
    this.parts.signal.throwIfAborted();
  }

  shouldYield(): boolean {
    return this.parts.shouldYield();
  }

  /** Tries again while the database is away or a row is held. If that lasts, the run ends here, and its lease runs out. */
  private async whileAway<Result>(work: (isFirst: boolean) => Promise<Result>): Promise<Result> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await work(attempt === 0);
      } catch (error) {
        if (!isDatabaseUnavailable(error) && !isContention(error)) throw error;
        if (this.parts.signal.aborted || attempt >= RETRIES_MAX) {
          this.parts.abort();
          throw error;
        }
        await retryDelay(this.deps, attempt);
      }
    }
  }
}
