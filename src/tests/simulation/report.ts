import type { DatabaseConnection } from '@everbeat/database';
import { shrink } from './shrink';
import { type SimulationResult, simulate } from './simulation';
import { describeStep } from './steps';

const SHRINK_TRIES_MAX = 120;
const HISTORY_LINES_MAX = 80;

/** Plays one seed; a failing one is shrunk and told in full. Null: it passed. */
export async function failureOf(database: DatabaseConnection, seed: string): Promise<string | null> {
  const result = await simulate(database, seed);
  if (result.breaches.length === 0) return null;
  const shortest = await shrink(database, seed, result, SHRINK_TRIES_MAX);
  return tell(seed, shortest);
}

export function tell(seed: string, { breaches, steps, history, hash }: SimulationResult): string {
  const only = steps.map(({ id }) => id).join(',') || 'none';
  return [
    `Seed ${seed} breaks what must hold:`,
    ...breaches.slice(0, 5).map((breach) => `  ${breach}`),
    `The shortest history that was found (${steps.length} steps, ${hash}):`,
    ...steps.map((step) => `  ${describeStep(step)}`),
    'How it ended:',
    ...history.slice(-HISTORY_LINES_MAX).map((line) => `  ${line}`),
    `To replay it: npm run simulate -- --seed ${seed} --only ${only} --verbose`,
  ].join('\n');
}
