/**
 * Notes when the tool of a run is called. From one call to the next a run makes two steps, one of the tool
 * and one of the model, whoever makes the run.
 */
export class StepTimes {
  /** Of one step, in milliseconds. */
  readonly tookMs: number[] = [];
  private readonly lastAt = new Map<string, number>();

  called(run: string): void {
    const now = performance.now();
    const before = this.lastAt.get(run);
    if (before !== undefined) this.tookMs.push((now - before) / STEPS_BETWEEN);
    this.lastAt.set(run, now);
  }
}

const STEPS_BETWEEN = 2;

/** What the tool answers. */
export const SEEN = `Nothing new in the harbour. ${'The log of the day goes on. '.repeat(10)}`;
