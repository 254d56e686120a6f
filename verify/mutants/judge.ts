import { type Check, describeCheck, type Mutant } from './mutant';
import { type CheckContext, runCheck, type Verdict } from './runCheck';
import type { ScratchCopy } from './scratchCopy';

export interface Judged {
  mutant: Mutant;
  verdict: Verdict;
  seconds: number;
}

/** Errors of a mutant that does not run at all: every check fails, which proves nothing about the guard. */
const BROKEN_MUTANT =
  /syntax error|SyntaxError|Transform failed|Cannot find (package|module)|ReferenceError|could not determine data type|(column|relation) \S+ does not exist|bind message supplies/;

/**
 * Runs every check without a mutant. They must pass, or their failing would prove nothing later.
 * @throws Error naming the check that fails
 */
export async function assertChecksPass(mutants: readonly Mutant[], context: CheckContext): Promise<void> {
  for (const check of distinctChecks(mutants)) {
    const verdict = await runCheck(check, context);
    if (verdict.isKilled) {
      throw new Error(`Without any mutant, ${describeCheck(check)} fails: ${verdict.by}\n${verdict.why}`);
    }
  }
}

/** One check for all test files of a project, and one for the largest number of seeds. */
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

/**
 * Removes one guard in the copy and runs its checks until one fails.
 * @throws Error if the mutated file does not run at all
 */
export async function judge(mutant: Mutant, scratch: ScratchCopy, context: CheckContext): Promise<Judged> {
  const startedAtMs = performance.now();
  const verdict = await scratch.withMutant(mutant, async (): Promise<Verdict> => {
    for (const check of mutant.checks) {
      const verdict = await runCheck(check, context);
      if (verdict.isKilled) return verdict;
    }
    return { isKilled: false };
  });
  if (verdict.isKilled && BROKEN_MUTANT.test(verdict.why)) {
    throw new Error(`"${mutant.name}" breaks ${mutant.file} instead of removing a guard:\n${verdict.why}`);
  }
  return { mutant, verdict, seconds: (performance.now() - startedAtMs) / 1_000 };
}
