import { fileOfTest } from './messages';

/** By the id of a test, in milliseconds. */
export type TestDurations = Readonly<Record<string, number>>;

/** Loading a file takes time too, so a file of many short tests is not put behind one of a single test. */
const LOADING_MS = 20;

/** The tests by their files, in the order in which a failure is found soonest: the quickest file first. */
export function orderFiles(
  tests: readonly string[],
  durations: TestDurations,
): { file: string; tests: string[] }[] {
  const files = new Map<string, string[]>();
  for (const id of tests) files.set(fileOfTest(id), [...(files.get(fileOfTest(id)) ?? []), id]);
  const cost = (ids: readonly string[]): number =>
    ids.reduce((sum, id) => sum + (durations[id] ?? 0), LOADING_MS);
  return [...files]
    .map(([file, ids]) => ({ file, tests: ids, cost: cost(ids) }))
    .sort((one, other) => one.cost - other.cost)
    .map(({ file, tests }) => ({ file, tests }));
}
