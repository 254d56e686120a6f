import { addCounts, type Counts } from './coverage';
import type { SeedReport, SeedWorker } from './seedWorker';

/** How many failures are shrunk: each costs as much as a hundred seeds. */
const SHRUNK_MAX = 3;

export interface SeedTotals {
  /** How many seeds have been run. */
  seeds: number;
  failures: string[];
  coverage: Counts;
  /** The xor of all history hashes: the same seeds give the same digest in whatever order they are run. */
  digest: bigint;
}

/** Runs `count` seeds beginning with `first` on all workers. The totals passed to `onSeed` grow meanwhile. */
export async function runSeeds(
  workers: readonly SeedWorker[],
  { first, count }: { first: number; count: number },
  onSeed: (report: SeedReport, totals: SeedTotals) => void = () => undefined,
): Promise<SeedTotals> {
  const totals: SeedTotals = { seeds: 0, failures: [], coverage: {}, digest: 0n };
  let started = 0;
  const runUntilDone = async (worker: SeedWorker): Promise<void> => {
    while (started < count) {
      const seed = String(first + started);
      started += 1;
      const report = await worker.run(seed, totals.failures.length < SHRUNK_MAX);
      totals.seeds += 1;
      totals.digest ^= BigInt(`0x${report.hash}`);
      addCounts(totals.coverage, report.coverage);
      if (report.failure !== null) totals.failures.push(report.failure);
      onSeed(report, totals);
    }
  };
  await Promise.all(workers.map(runUntilDone));
  return totals;
}
