/**
 * A guard taken away, and where that must show. The gate (`npm run mutants`) applies each to a copy of the project and runs
 * the checks until one fails; a mutant that none notices is a guard that nothing holds in place.
 */
export interface Mutant {
  /** The guard, in plain words. */
  name: string;
  /** From the project's folder. */
  file: string;
  /** Occurs exactly once in the file. Short, so that it survives what happens around it. */
  find: string;
  replace: string;
  /** Tried in this order. */
  checks: Check[];
  /** What else holds it, so that taking this guard alone away shows nowhere: it is kept for the day the other changes. */
  heldBy?: string;
}

/** What may notice: test files of one vitest project, or seeds of the simulation from 1 on. */
export type Check =
  | { kind: 'tests'; project: 'unit' | 'database'; files: string[] }
  | { kind: 'seeds'; count: number };

export const unit = (...files: string[]): Check => ({ kind: 'tests', project: 'unit', files });
export const database = (...files: string[]): Check => ({ kind: 'tests', project: 'database', files });
export const seeds = (count: number): Check => ({ kind: 'seeds', count });

export const describeCheck = (check: Check): string =>
  check.kind === 'seeds' ? `seeds 1 to ${check.count}` : `${check.project}: ${check.files.join(' ')}`;

/** The text of the mutated file. @throws Error when the guard is not found exactly once: the list has to be mended */
export function mutate(text: string, { name, file, find, replace }: Mutant): string {
  const times = text.split(find).length - 1;
  if (times !== 1) {
    throw new Error(`"${name}": its text occurs ${times} times in ${file} instead of once:\n${find}`);
  }
  return text.replace(find, () => replace);
}
