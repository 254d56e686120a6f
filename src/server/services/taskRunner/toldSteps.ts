import type { ToldStep } from '@everbeat/agents';
import { type Queryable, type ToldStepWrite, writeToldSteps } from '@everbeat/database';
import { type Clock, errorMessage, LIMITS, type Logger, storableText } from '@everbeat/domain';

const FLUSH_MS = 500;
/** A longer run goes on, and the page shows no more of its steps. */
const STEPS_MAX = 1_000;

/** The run whose steps they are. */
export interface ToldRun {
  operationId: string;
  leaseEpoch: number;
  occurrence: string;
}

/**
 * Writes the steps that an agent tells of while it works, so that its page shows them: in batches, twice a
 * second. Nothing goes on from them, so what cannot be written is left out, and no run fails for it.
 */
export class ToldSteps {
  /** By their index. A step that ends before it was written is written once. */
  private readonly pending = new Map<number, ToldStepWrite>();
  private cancelTimer: (() => void) | null = null;
  private writing: Promise<void> = Promise.resolve();
  /** Programs that were begun anew in the same run count from 0 again. */
  private offset = 0;
  private next = 0;

  constructor(
    private readonly deps: { db: Queryable; clock: Clock; logger: Logger },
    private readonly run: ToldRun,
  ) {}

  tell({ index, name, input, status }: ToldStep): void {
    if (status === 'started' && index === 0 && this.next > 0) this.offset = this.next;
    const at = this.offset + index;
    if (at >= STEPS_MAX) return;
    this.next = Math.max(this.next, at + 1);
    const now = this.deps.clock.now();
    this.pending.set(at, {
      index: at,
      status,
      name: storableText(name, LIMITS.toolNameCharsMax),
      input: storableText(input, LIMITS.errorMessageCharsMax),
      startedAt: this.pending.get(at)?.startedAt ?? now,
      endedAt: status === 'started' ? null : now,
    });
    this.cancelTimer ??= this.deps.clock.after(FLUSH_MS, () => this.flush());
  }

  /** Writes what is left, before the run is settled. */
  async finish(): Promise<void> {
    this.cancelTimer?.();
    this.flush();
    await this.writing;
  }

  private flush(): void {
    this.cancelTimer = null;
    this.writing = this.writing.then(async () => {
      const steps = [...this.pending.values()];
      this.pending.clear();
      if (steps.length === 0) return;
      try {
        await writeToldSteps(this.deps.db, { ...this.run, steps });
      } catch (error) {
        const { operationId } = this.run;
        this.deps.logger.warn({ operationId, reason: errorMessage(error) }, 'Steps of a run were not shown');
      }
    });
  }
}
