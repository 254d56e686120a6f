import { readFileSync } from 'node:fs';
import type { MutantResult } from '@stryker-mutator/api/core';

/** Whether no test failed. */
export const isUnnoticed = ({ status }: MutantResult): boolean =>
  status === 'Survived' || status === 'NoCoverage';

/**
 * Prints what no test noticed, and the score of those changes that compile. True: it is at least `scoreMin`
 * percent.
 */
export function printSummary(
  mutants: readonly MutantResult[],
  uncompilable: ReadonlySet<string>,
  scoreMin: number,
): boolean {
  const count = (...statuses: MutantResult['status'][]): number =>
    mutants.filter(({ status }) => statuses.includes(status)).length;
  const unnoticed = mutants.filter((mutant) => isUnnoticed(mutant) && !uncompilable.has(mutant.id));
  for (const mutant of unnoticed) console.log(describeMutant(mutant));
  const noticed = count('Killed', 'Timeout');
  const valid = noticed + unnoticed.length;
  const score = valid === 0 ? 100 : (noticed / valid) * 100;
  const inNoTest = unnoticed.filter(({ status }) => status === 'NoCoverage').length;
  console.log(
    `\n${valid} changes: ${noticed} noticed, ${unnoticed.length} not noticed (${inNoTest} of them in no test). ` +
      `Not counted: ${uncompilable.size} do not compile, ${count('Ignored')} left out, ` +
      `${count('RuntimeError')} could not run.\n` +
      `Score ${score.toFixed(1)} %; at least ${scoreMin} % is required.`,
  );
  return score >= scoreMin;
}

function describeMutant({ fileName, location: { start, end }, replacement, status }: MutantResult): string {
  const lines = readFileSync(fileName, 'utf8').split('\n');
  const first = lines[start.line - 1] ?? '';
  const isOneLine = start.line === end.line;
  const original = isOneLine ? first.slice(start.column - 1, end.column - 1) : `${first.trim()} …`;
  const where = `${fileName}:${start.line}:${start.column}`;
  return `${where} ${status}\n    ${first.trim()}\n  - ${original}\n  + ${replacement}`;
}
