import { fileOfTest } from './messages';

/** By the id of a test, in milliseconds. */
export type TestDurations = Readonly<Record<string, number>>;

/** Loading a file takes time too, so a file of many short tests is not put behind one of a single test. */
const LOADING_MS = 20;

/** How much longer than usual a test may take before it counts as failed. */
const SLOWNESS_MAX = 5;
/** A busy machine may leave a process alone for seconds. */
const TIMEOUT_MS_MIN = 10_000;

/** The tests by their files, in the order in which a failure is found soonest: the quickest file first. */
export function orderFiles(
  tests: readonly string[],
  durations: TestDurations,
): { file: string; tests: string[]; testTimeoutMs: number }[] {
  const files = new Map<string, string[]>();
  for (const id of tests) files.set(fileOfTest(id), [...(files.get(fileOfTest(id)) ?? []), id]);
  const cost = (ids: readonly string[]): number =>
    ids.reduce((sum, id) => sum + (durations[id] ?? 0), LOADING_MS);
  const timeoutMs = (ids: readonly string[]): number =>
    Math.round(TIMEOUT_MS_MIN + SLOWNESS_MAX * Math.max(...ids.map((id) => durations[id] ?? 0)));
  return [...files]
    .map(([file, ids]) => ({ file, tests: ids, cost: cost(ids) }))
    .sort((one, other) => one.cost - other.cost)
    .map(({ file, tests }) => ({ file, tests, testTimeoutMs: timeoutMs(tests) }));
}
