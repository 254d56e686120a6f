import type { Coverage, Hits } from './messages';

/** A file of tests: the ids of its tests, and the id under which everything beside them is counted. */
export interface FileIds {
  hooks: string;
  tests: readonly string[];
}

/**
 * The coverage in which what a file does beside its tests (`beforeAll`, and what goes on between two tests)
 * is counted for each of its tests: whichever of them runs, that runs too.
 */
export function shareHooks(coverage: Coverage, files: readonly FileIds[]): Coverage {
  const perTest: Record<string, Hits> = {};
  for (const { hooks, tests } of files) {
    for (const id of tests) perTest[id] = sum(coverage.perTest[id] ?? {}, coverage.perTest[hooks] ?? {});
  }
  return { static: coverage.static, perTest };
}

function sum(one: Hits, other: Hits): Hits {
  const hits = { ...one };
  for (const [id, count] of Object.entries(other)) hits[id] = (hits[id] ?? 0) + count;
  return hits;
}
