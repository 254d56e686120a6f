import type { DatabaseConnection } from '@everbeat/database';
import { shrink } from './shrink';
import { type SimulationResult, simulate } from './simulation';
import { describeStep } from './steps';

const SHRINK_TRIES_MAX = 120;
const HISTORY_LINES_MAX = 80;
const BREACHES_TOLD_MAX = 5;

/**
 * Plays the seeds in as many lanes as there are databases: each waits for its own, so together they take less time. Answers a text for
 * every seed that failed; the first of them is shrunk.
 */
export async function playSeeds(
  databases: readonly DatabaseConnection[],
  seeds: readonly string[],
  onPlayed: (seed: string, result: SimulationResult) => void = () => undefined,
): Promise<string[]> {
  const left = [...seeds];
  const failures: string[] = [];
  let mayShrink = true;
  const playNext = async (database: DatabaseConnection): Promise<void> => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
      const result = await simulate(database, seed);
      onPlayed(seed, result);
      if (result.breaches.length === 0) continue;
      const triesMax = mayShrink ? SHRINK_TRIES_MAX : 0;
      mayShrink = false;
      failures.push(describeFailure(seed, await shrink(database, seed, result, triesMax)));
    }
  };
  await Promise.all(databases.map(playNext));
  return failures;
}

/** What broke, the steps that led there, the end of the history, and the command that plays it again. */
export function describeFailure(seed: string, { breaches, steps, history, hash }: SimulationResult): string {
  const only = steps.map(({ id }) => id).join(',') || 'none';
  return [
    `Seed ${seed} breaks what must hold:`,
    ...breaches.slice(0, BREACHES_TOLD_MAX).map((breach) => `  ${breach}`),
    `The shortest history that was found (${steps.length} steps, ${hash}):`,
    ...steps.map((step) => `  ${describeStep(step)}`),
    'How it ended:',
    ...history.slice(-HISTORY_LINES_MAX).map((line) => `  ${line}`),
    `To play it again: npm run simulate -- --seed ${seed} --only ${only} --verbose`,
  ].join('\n');
}
