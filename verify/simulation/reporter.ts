import { describeCounts, neverReached, SEEDS_THAT_REACH_ALL } from './requiredCoverage';
import type { SeedTotals } from './runSeeds';

const PROGRESS_MS = 10_000;

/**
 * Prints a failure as soon as it occurs, progress every ten seconds, and a summary, also of an interrupted
 * run.
 */
export class Reporter {
  private readonly startedAtMs = performance.now();
  private printedAtMs = this.startedAtMs;
  private totals: SeedTotals = { seeds: 0, failures: [], coverage: {}, digest: 0n };

  constructor(private readonly options: { first: number; count: number }) {}

  /** A campaign that never met some fault has not shown that it is survived. */
  get hasPassed(): boolean {
    const { seeds, failures, coverage } = this.totals;
    const hasReachedAll = seeds < SEEDS_THAT_REACH_ALL || neverReached(coverage).length === 0;
    return failures.length === 0 && hasReachedAll;
  }

  onSeed(failure: string | null, totals: SeedTotals): void {
    this.totals = totals;
    if (failure !== null) console.error(`\n${failure}\n`);
    const nowMs = performance.now();
    if (nowMs - this.printedAtMs < PROGRESS_MS) return;
    this.printedAtMs = nowMs;
    const { count } = this.options;
    const minutesLeft = ((count - totals.seeds) / this.perSecond() / 60).toFixed(1);
    const megabytes = Math.round(process.memoryUsage.rss() / 2 ** 20);
    console.log(
      `${totals.seeds} of ${count} seeds, ${totals.failures.length} failed, ${this.perSecond().toFixed(1)} a second, ` +
        `${minutesLeft} minutes left, ${megabytes} MB`,
    );
  }

  printSummary(): void {
    const { seeds, failures, coverage, digest } = this.totals;
    const { first, count } = this.options;
    const which =
      seeds < count
        ? `Interrupted after ${seeds} of ${count} seeds from ${first} on`
        : `Seeds ${first} to ${first + count - 1}`;
    const seconds = ((performance.now() - this.startedAtMs) / 1_000).toFixed(1);
    const speed = `${seconds} s, ${this.perSecond().toFixed(1)} seeds a second`;
    console.log(`\nWhat these seeds reached:\n${describeCounts(coverage)}\n`);
    console.log(
      `${which}: ${seeds - failures.length} passed, ${failures.length} failed ` +
        `(digest of the histories ${digest.toString(16).padStart(16, '0')}; ${speed})`,
    );
  }

  private perSecond(): number {
    return this.totals.seeds / ((performance.now() - this.startedAtMs) / 1_000);
  }
}
