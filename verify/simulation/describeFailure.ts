import type { SimulationResult } from './simulation';
import { describeStep } from './steps';

const HISTORY_LINES_MAX = 80;
const VIOLATIONS_SHOWN_MAX = 5;

/**
 * The first line of a failure. With a pattern as `seed`, it finds failures in the output (`verify/mutants`).
 */
export const failureHeading = (seed: string): string => `Seed ${seed} violates an invariant:`;

/** The violations, the steps that lead there, the end of the history, and the command that replays it. */
export function describeFailure(seed: string, result: SimulationResult): string {
  const { violations, steps, history, setupLines, hash } = result;
  const end = history.slice(Math.max(setupLines, history.length - HISTORY_LINES_MAX));
  const only = steps.map(({ id }) => id).join(',') || 'none';
  return [
    failureHeading(seed),
    ...violations.slice(0, VIOLATIONS_SHOWN_MAX).map((violation) => `  ${violation}`),
    `The shortest history found (${steps.length} steps, ${hash}):`,
    ...steps.map((step) => `  ${describeStep(step)}`),
    'Its end:',
    ...end.map((line) => `  ${line}`),
    `Replay it: npm run simulate -- --seed ${seed} --only ${only} --verbose`,
  ].join('\n');
}
