import type { SimulationResult } from './simulation';
import { describeStep } from './steps';

const HISTORY_LINES_MAX = 80;
const BREACHES_TOLD_MAX = 5;

/** How a failure begins; with a pattern in place of the seed, what to look for in an output. */
export const headOfFailure = (seed: string): string => `Seed ${seed} breaks what must hold:`;

/** What broke, the steps that led there, the end of the history, and the command that plays it again. */
export function describeFailure(seed: string, result: SimulationResult): string {
  const { breaches, steps, history, setupLines, hash } = result;
  const end = history.slice(Math.max(setupLines, history.length - HISTORY_LINES_MAX));
  const only = steps.map(({ id }) => id).join(',') || 'none';
  return [
    headOfFailure(seed),
    ...breaches.slice(0, BREACHES_TOLD_MAX).map((breach) => `  ${breach}`),
    `The shortest history that was found (${steps.length} steps, ${hash}):`,
    ...steps.map((step) => `  ${describeStep(step)}`),
    'How it ended:',
    ...end.map((line) => `  ${line}`),
    `To play it again: npm run simulate -- --seed ${seed} --only ${only} --verbose`,
  ].join('\n');
}
