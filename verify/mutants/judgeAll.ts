import { startTemporaryPostgres } from '@everbeat/testkit';
import { PROJECT_DIR } from '../../scripts/lib/project';
import { assertChecksPass, type Judged, judge } from './judge';
import type { Mutant } from './mutant';
import { createScratchCopy } from './scratchCopy';

export interface JudgeEvents {
  /** Stops the run. */
  signal: AbortSignal;
  /** The checks are about to run without any mutant. */
  onStart(mutants: number): void;
  onJudged(judged: Judged, number: number): void;
}

/**
 * Judges the mutants one after another in one copy of the project, with one database server for all their
 * tests.
 *
 * @throws Error when a check fails without a mutant, or a mutant does not run at all
 * @throws the signal's reason
 */
export async function judgeAll(
  { mutants, isUnchecked }: { mutants: readonly Mutant[]; isUnchecked: boolean },
  { signal, onStart, onJudged }: JudgeEvents,
): Promise<Judged[]> {
  const scratch = await createScratchCopy(PROJECT_DIR);
  try {
    const server = await startTemporaryPostgres({ name: 'mutants-db' });
    try {
      const context = { folder: scratch.folder, serverUrl: server.url, signal };
      if (!isUnchecked) {
        onStart(mutants.length);
        await assertChecksPass(mutants, context);
      }
      const judged: Judged[] = [];
      for (const mutant of mutants) {
        const one = await judge(mutant, scratch, context);
        judged.push(one);
        onJudged(one, judged.length);
      }
      return judged;
    } finally {
      await server.stop();
    }
  } finally {
    await scratch.remove();
  }
}
