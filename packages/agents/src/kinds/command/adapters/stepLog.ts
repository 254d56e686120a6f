import type { ToldStep } from '../../../port';

/** The calls of tools that the events of a program tell of, until somebody takes them. */
export class StepLog {
  private told: ToldStep[] = [];
  /** By the ids that the program gives its calls. */
  private readonly open = new Map<string, ToldStep>();
  private count = 0;

  /** A call begins. */
  begin(id: string, name: string, input: string): void {
    const step: ToldStep = { index: this.count, name, input, status: 'started' };
    this.count += 1;
    this.open.set(id, step);
    this.told.push(step);
  }

  /** A call has ended. One whose begin was not told begins and ends now. */
  end(id: string, isFailed: boolean, unknown?: { name: string; input: string }): void {
    if (!this.open.has(id) && unknown !== undefined) this.begin(id, unknown.name, unknown.input);
    const step = this.open.get(id);
    if (step === undefined) return;
    this.open.delete(id);
    this.told.push({ ...step, status: isFailed ? 'failed' : 'done' });
  }

  nameOf(id: string): string | undefined {
    return this.open.get(id)?.name;
  }

  /** What was told since they were taken last. */
  take(): ToldStep[] {
    return this.told.splice(0);
  }
}
