import type { BeatFigures } from './beats/beatFigures';
import type { Bench } from './bench';

export interface Contestant {
  name: string;
  run(): Promise<BeatFigures>;
}

/** Every contestant once a round, so that a noisy minute of the machine strikes all of them. */
export async function playRounds(
  bench: Bench,
  title: string,
  contestants: readonly Contestant[],
): Promise<Map<string, BeatFigures[]>> {
  const { rounds } = bench.wish;
  const runs = new Map<string, BeatFigures[]>();
  for (let round = 1; round <= rounds; round += 1) {
    for (const { name, run } of contestants) {
      bench.progress(`${title}: ${name}, round ${round} of ${rounds}`);
      runs.set(name, [...(runs.get(name) ?? []), await run()]);
    }
  }
  return runs;
}

export const warmUpSeconds = (bench: Bench): number => Math.max(1, Math.round(bench.wish.seconds / 4));
