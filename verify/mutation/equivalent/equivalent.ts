import type { MutantResult } from '@stryker-mutator/api/core';

/** A change that cannot make a difference, so that no test can notice it. */
export interface Equivalent {
  /** Relative to the project's folder. */
  file: string;
  /** The line on which the changed expression begins, without the space around it. */
  line: string;
  /** The expression. */
  from: string;
  /** What it is changed to; several, where all are for the same reason. */
  to: readonly string[];
  /** Why it makes no difference. */
  reason: string;
}

type Place = Pick<MutantResult, 'fileName' | 'location' | 'replacement'>;

/** The entry that stands for this change of a file with this text. */
export function findEquivalent(
  entries: readonly Equivalent[],
  { fileName, location: { start, end }, replacement = '' }: Place,
  text: string,
): Equivalent | undefined {
  const lines = text.split('\n');
  const line = lines[start.line - 1] ?? '';
  const from =
    start.line === end.line ? line.slice(start.column - 1, end.column - 1) : line.slice(start.column - 1);
  return entries.find(
    (entry) =>
      fileName.endsWith(entry.file) &&
      line.trim() === entry.line &&
      from === entry.from &&
      entry.to.includes(replacement),
  );
}
