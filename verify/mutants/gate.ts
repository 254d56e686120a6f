import { type Check, describeCheck, type Mutant } from './mutant';
import { type CheckPlace, runCheck, type Verdict } from './runCheck';
import type { ScratchCopy } from './scratchCopy';

export interface Judged {
  mutant: Mutant;
  verdict: Verdict;
  seconds: number;
}

/** A mutant that does not even run is noticed by everything, and says nothing of the guard. */
const NO_MUTANT =
  /syntax error|SyntaxError|Transform failed|ReferenceError|could not determine data type|(column|relation) \S+ does not exist|bind message supplies/;

/**
 * Every check must pass while nothing is taken away, or its failing would mean nothing.
 * @throws Error naming the check that fails
 */
export async function assertChecksPass(mutants: readonly Mutant[], place: CheckPlace): Promise<void> {
  for (const check of distinctChecks(mutants)) {
    const verdict = await runCheck(check, place);
    if (verdict.isNoticed) {
      throw new Error(`Without any mutant, ${describeCheck(check)} fails: ${verdict.by}\n${verdict.why}`);
    }
  }
}

/** One check for all files of a project, and one for the most seeds. */
function distinctChecks(mutants: readonly Mutant[]): Check[] {
  const checks = mutants.flatMap((mutant) => mutant.checks);
  const filesOf = (project: 'unit' | 'database'): string[] => [
    ...new Set(
      checks.flatMap((check) => (check.kind === 'tests' && check.project === project ? check.files : [])),
    ),
  ];
  const count = Math.max(0, ...checks.map((check) => (check.kind === 'seeds' ? check.count : 0)));
  const tests = (['unit', 'database'] as const)
    .map((project) => ({ kind: 'tests', project, files: filesOf(project) }) as const)
    .filter(({ files }) => files.length > 0);
  return count === 0 ? tests : [...tests, { kind: 'seeds', count }];
}

/** Takes one guard away in the copy and asks the checks, one after another, until one notices. */
export async function judge(mutant: Mutant, scratch: ScratchCopy, place: CheckPlace): Promise<Judged> {
  const begin = performance.now();
  const verdict = await scratch.withMutant(mutant, async (): Promise<Verdict> => {
    for (const check of mutant.checks) {
      const verdict = await runCheck(check, place);
      if (verdict.isNoticed) return verdict;
    }
    return { isNoticed: false };
  });
  if (verdict.isNoticed && NO_MUTANT.test(verdict.why)) {
    throw new Error(`"${mutant.name}" breaks ${mutant.file} instead of taking a guard away:\n${verdict.why}`);
  }
  return { mutant, verdict, seconds: (performance.now() - begin) / 1_000 };
}
