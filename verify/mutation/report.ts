import { readFileSync } from 'node:fs';
import type { MutantResult } from '@stryker-mutator/api/core';
import { type Equivalent, findEquivalent } from './equivalent/equivalent';
import { wilsonInterval } from './sample';

/** Whether no test failed. */
export const isUnnoticed = ({ status }: MutantResult): boolean =>
  status === 'Survived' || status === 'NoCoverage';

/**
 * Whether a change was noticed by nothing but the time that a test took. On a busy machine that may be a
 * mistake. A loop that Stryker has left after a hundred times its usual turns is none.
 */
const isNoticedByTime = ({ status, statusReason = '' }: MutantResult): boolean =>
  (status === 'Timeout' && !/^Hit limit reached/.test(statusReason)) ||
  (status === 'Killed' && /takes too long|timed out in/.test(statusReason));

export interface Judgement {
  /** The ids of the changes that do not compile. */
  uncompilable: ReadonlySet<string>;
  equivalent: readonly Equivalent[];
  /** In percent. */
  scoreMin: number;
  /** Whether the changes stand for all of the area. */
  isSample: boolean;
}

/**
 * Prints what no test noticed, and the score of those changes that compile and can make a difference. True:
 * it is at least `scoreMin` percent.
 */
export function printSummary(
  mutants: readonly MutantResult[],
  { uncompilable, equivalent, scoreMin, isSample }: Judgement,
): boolean {
  const count = (...statuses: MutantResult['status'][]): number =>
    mutants.filter(({ status }) => statuses.includes(status)).length;
  const compiled = mutants.filter((mutant) => isUnnoticed(mutant) && !uncompilable.has(mutant.id));
  const unnoticed = compiled.filter(
    (mutant) => findEquivalent(equivalent, mutant, textOf(mutant)) === undefined,
  );
  for (const mutant of unnoticed) console.log(describeMutant(mutant));
  printScores(mutants, unnoticed);
  const noticed = count('Killed', 'Timeout');
  const score = scoreOf(noticed, unnoticed.length);
  const byTime = mutants.filter(isNoticedByTime).length;
  const inNoTest = unnoticed.filter(({ status }) => status === 'NoCoverage').length;
  console.log(
    `\n${noticed + unnoticed.length} changes: ${noticed} noticed (${byTime} of them by the time they took), ` +
      `${unnoticed.length} not noticed (${inNoTest} of them in no test). Not counted: ${compiled.length - unnoticed.length} make no difference, ` +
      `${uncompilable.size} do not compile, ${count('Ignored')} left out, ` +
      `${count('RuntimeError')} could not run.\n` +
      `Score ${score.toFixed(1)} %; at least ${scoreMin} % is required.`,
  );
  if (isSample) {
    const { from, to } = wilsonInterval(noticed, noticed + unnoticed.length);
    console.log(
      `A sample: the score of all changes is between ${from.toFixed(1)} and ${to.toFixed(1)} % (95 %).`,
    );
  }
  return score >= scoreMin;
}

/** The files with changes that no test noticed, the lowest score first. */
function printScores(mutants: readonly MutantResult[], unnoticed: readonly MutantResult[]): void {
  const rows = [...new Set(unnoticed.map(({ fileName }) => fileName))].map((fileName) => {
    const isOfFile = (mutant: MutantResult): boolean => mutant.fileName === fileName;
    const noticed = mutants
      .filter(({ status }) => status === 'Killed' || status === 'Timeout')
      .filter(isOfFile);
    const missed = unnoticed.filter(isOfFile).length;
    return { fileName, missed, score: scoreOf(noticed.length, missed) };
  });
  console.log('');
  for (const { fileName, missed, score } of rows.sort((a, b) => a.score - b.score)) {
    console.log(`${score.toFixed(1).padStart(6)} %  ${String(missed).padStart(4)} not noticed  ${fileName}`);
  }
}

/** In percent. */
const scoreOf = (noticed: number, unnoticed: number): number =>
  noticed + unnoticed === 0 ? 100 : (noticed / (noticed + unnoticed)) * 100;

const textOf = ({ fileName }: MutantResult): string => readFileSync(fileName, 'utf8');

function describeMutant(mutant: MutantResult): string {
  const { fileName, replacement, status } = mutant;
  const { start, end } = mutant.location;
  const first = textOf(mutant).split('\n')[start.line - 1] ?? '';
  const isOneLine = start.line === end.line;
  const original = isOneLine ? first.slice(start.column - 1, end.column - 1) : `${first.trim()} …`;
  const where = `${fileName}:${start.line}:${start.column}`;
  return `${where} ${status}\n    ${first.trim()}\n  - ${original}\n  + ${replacement}`;
}
