/**
 * The removal of one guard, and the checks that must then fail. `npm run mutants` applies each mutant to a
 * copy of the project and runs its checks until one fails, which kills the mutant. A surviving mutant is an
 * untested guard.
 */
export interface Mutant {
  /** The guard, in plain words. */
  name: string;
  /** Relative to the project's folder. */
  file: string;
  /** Occurs exactly once in the file. Short, so that edits around it do not break it. */
  find: string;
  replace: string;
  /** Tried in this order. */
  checks: Check[];
  /**
   * Another guard that makes this one redundant: without it alone no check fails. Names that guard and why.
   */
  heldBy?: string;
}

/** What may fail: test files of one vitest project, or the seeds from 1 to `count` of the simulation. */
export type Check =
  | { kind: 'tests'; project: 'unit' | 'database'; files: string[] }
  | { kind: 'seeds'; count: number };

export const unit = (...files: string[]): Check => ({ kind: 'tests', project: 'unit', files });
export const database = (...files: string[]): Check => ({ kind: 'tests', project: 'database', files });
export const seeds = (count: number): Check => ({ kind: 'seeds', count });

export const describeCheck = (check: Check): string =>
  check.kind === 'seeds' ? `seeds 1 to ${check.count}` : `${check.project}: ${check.files.join(' ')}`;

/**
 * The text of the mutated file.
 * @throws Error unless `find` occurs exactly once: then the list needs an update
 */
export function mutate(text: string, { name, file, find, replace }: Mutant): string {
  const times = text.split(find).length - 1;
  if (times !== 1) {
    throw new Error(`"${name}": its text occurs ${times} times in ${file}, not once:\n${find}`);
  }
  return text.replace(find, () => replace);
}
