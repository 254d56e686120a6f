import type { CallCost, RecordedStep, RunStep, StepJournal } from '@everbeat/agents';
import { type Batcher, createBatcher } from '@everbeat/batching';
import {
  type ClaimedRun,
  isDatabaseUnavailable,
  isTransient,
  isUniqueViolation,
  loadSteps,
  type StepsWrite,
  type StepsWritten,
  writeSteps,
} from '@everbeat/database';
import { type DocumentVersion, type FullCapView, stepOccurrence } from '@everbeat/domain';
import type { RunMoney } from '../spend/runMoney';
import type { RunnerDeps } from './ports';
import { RETRIES_MAX, retryDelay } from './retryDelay';

/**
 * The step writes of a process: those that arrive together share one statement. Null: the run is not its any
 * more.
 */
export type StepWrites = Batcher<StepsWrite, StepsWritten | null>;

export const createStepWrites = ({ db, clock }: RunnerDeps): StepWrites =>
  createBatcher<StepsWrite, StepsWritten | null>({
    run: async (items, wait) => {
      const written = await writeSteps(db, items, clock.now(), wait);
      return items.map(({ operationId }) => written.get(operationId) ?? null);
    },
    maxBatchSize: 100,
    // A second statement would wait for the counters that the first has locked: all runs of an owner share
    // some.
    maxConcurrentBatches: 1,
    mayRetryAlone: (error) => !isDatabaseUnavailable(error),
  });

export interface JournalParts {
  writes: StepWrites;
  money: RunMoney;
  /** Aborted when the run has to stop. */
  signal: AbortSignal;
  /** Aborts the signal if the run may be another process's, because this one stood still. */
  confirmLease(): Promise<void>;
  /** Aborts the signal: the run is another process's, or has ended. */
  abort(): void;
  shouldYield(): boolean;
}

/**
 * The steps of one run in the database (PROTOCOL §9). Every write names the operation and the number of its
 * lease, so that a process whose run was taken over writes nothing more, and calls nobody after it.
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

  async write(steps: readonly RunStep[], cost?: CallCost): Promise<readonly FullCapView[] | null> {
    const { money } = this.parts;
    const started = steps.at(-1);
    const reserve =
      cost === undefined || started === undefined
        ? undefined
        : await this.whileAway(() => money.reservationOf(started, cost));
    const written = await this.commit({ ...this.writeOf(steps), reserve });
    return written?.kind === 'refused' ? this.whileAway(() => money.describe(written.full)) : null;
  }

  /** Alone, because it waits for the lock on the task, and fails if somebody else has made the version. */
  async writeDocument(steps: readonly RunStep[], document: DocumentVersion): Promise<boolean> {
    const documents = [{ ...document, id: this.deps.ids.row() }];
    try {
      await this.commit({ ...this.writeOf(steps), documents });
      return true;
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      return false;
    }
  }

  private writeOf(steps: readonly RunStep[]): StepsWrite & Required<Pick<StepsWrite, 'spent'>> {
    const { operationId, leaseEpoch, occurrence } = this.run;
    const rows = steps.map((step) => ({
      ...step,
      briefId: step.status === 'waiting' ? this.briefIdOf(step.index) : null,
      usage: step.usage === null ? null : { ...step.usage },
      occurrence: stepOccurrence(occurrence, step.index),
    }));
    return { operationId, leaseEpoch, steps: rows, spent: this.parts.money.reportsOf(steps) };
  }

  private async commit(write: ReturnType<OperationJournal['writeOf']>): Promise<StepsWritten | null> {
    const { money, signal } = this.parts;
    const written = await this.writeOut(write);
    money.committed(write.spent, written?.kind === 'refused' ? undefined : write.reserve);
    if (written === null) this.parts.abort();
    await this.parts.confirmLease();
    signal.throwIfAborted();
    return written;
  }

  /**
   * One round trip, but for the first call of a day, whose counters are missing. A refusal is asked again
   * alone: with others in one statement it is not certain.
   */
  private async writeOut(write: StepsWrite): Promise<StepsWritten | null> {
    const { writes, money } = this.parts;
    const { reserve, documents } = write;
    const first = await this.whileAway((isFirst) =>
      isFirst && documents === undefined ? writes.add(write) : writes.addAlone(write),
    );
    if (first === null || first.kind === 'written' || reserve === undefined) return first;
    if (first.kind === 'no-counters') await this.whileAway(() => money.ensureCounters(reserve));
    const alone = await this.whileAway(() => writes.addAlone(write));
    // Nothing was reserved, and the step is not written: the call would be made all the same.
    if (alone?.kind === 'no-counters') throw new Error('The counters of the budgets could not be made');
    return alone;
  }

  shouldYield(): boolean {
    return this.parts.shouldYield();
  }

  /**
   * Tries again while the database is away or a row is held. If that lasts, the run ends here, and its lease
   * runs out.
   */
  private async whileAway<Result>(work: (isFirst: boolean) => Promise<Result>): Promise<Result> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await work(attempt === 0);
      } catch (error) {
        if (!isTransient(error)) throw error;
        if (this.parts.signal.aborted || attempt >= RETRIES_MAX) {
          this.parts.abort();
          throw error;
        }
        await retryDelay(this.deps, attempt);
      }
    }
  }
}
