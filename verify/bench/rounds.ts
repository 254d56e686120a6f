import type { BeatFigures } from './beats/beatFigures';
import type { Bench } from './bench';

export interface Contestant {
  name: string;
  run(): Promise<BeatFigures>;
}

/** Runs every contestant once per round, so that a busy minute of the machine affects all of them. */
export async function runRounds(
  bench: Bench,
  title: string,
  contestants: readonly Contestant[],
): Promise<Map<string, BeatFigures[]>> {
  const { rounds } = bench.options;
  const runs = new Map<string, BeatFigures[]>();
  for (let round = 1; round <= rounds; round += 1) {
    for (const { name, run } of contestants) {
      bench.progress(`${title}: ${name}, round ${round} of ${rounds}`);
      runs.set(name, [...(runs.get(name) ?? []), await run()]);
    }
  }
  return runs;
}

export const warmUpSeconds = (bench: Bench): number => Math.max(1, Math.round(bench.options.seconds / 4));
