import type { Judged } from './judge';

export function describeVerdict({ mutant, verdict }: Judged): string {
  if (verdict.isKilled) return verdict.by;
  return mutant.heldBy === undefined ? 'SURVIVED' : `survives, because of another guard: ${mutant.heldBy}`;
}

/** Prints a line for each mutant and the totals. Returns false if a mutant survived that should not have. */
export function printSummary(judged: readonly Judged[]): boolean {
  const width = Math.max(...judged.map(({ mutant }) => mutant.name.length));
  console.log(`\n${'Guard removed'.padEnd(width)}  failing check`);
  for (const one of judged) console.log(`${one.mutant.name.padEnd(width)}  ${describeVerdict(one)}`);
  const alive = judged.filter(({ verdict }) => !verdict.isKilled);
  const survivors = alive.filter(({ mutant }) => mutant.heldBy === undefined).length;
  const seconds = judged.reduce((sum, one) => sum + one.seconds, 0);
  console.log(
    `\n${judged.length} mutants: ${judged.length - alive.length} killed, ${alive.length - survivors} redundant, ` +
      `${survivors} survived (${seconds.toFixed(0)} s)`,
  );
  return survivors === 0;
}
