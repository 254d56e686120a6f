import { addCounts, type Counts } from './coverage';
import type { Lane, SeedReport } from './lane';

/** Failures are shrunk this often: each costs as much as a hundred seeds. */
const SHRUNK_MAX = 3;

export interface Played {
  seeds: number;
  failures: string[];
  /** Of all seeds together. */
  coverage: Counts;
  /** Of all histories together, in whatever order: the same seeds give the same. */
  digest: bigint;
}

/** Plays `count` seeds from `first` on, in as many lanes as there are. `played` grows meanwhile. */
export async function playSeeds(
  lanes: readonly Lane[],
  { first, count }: { first: number; count: number },
  onPlayed: (report: SeedReport, played: Played) => void = () => undefined,
): Promise<Played> {
  const played: Played = { seeds: 0, failures: [], coverage: {}, digest: 0n };
  let begun = 0;
  const playNext = async (lane: Lane): Promise<void> => {
    while (begun < count) {
      const seed = String(first + begun);
      begun += 1;
      const report = await lane.play(seed, played.failures.length < SHRUNK_MAX);
      played.seeds += 1;
      played.digest ^= BigInt(`0x${report.hash}`);
      addCounts(played.coverage, report.coverage);
      if (report.failure !== null) played.failures.push(report.failure);
      onPlayed(report, played);
    }
  };
  await Promise.all(lanes.map(playNext));
  return played;
}
