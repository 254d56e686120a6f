import { describeFailure } from './describeFailure';
import { openWorkerDatabase } from './seedWorker';
import { simulate } from './simulation';

/** Runs one seed as it is, without shrinking, and prints the result. Returns whether every invariant held. */
export async function replaySeed(
  url: string,
  { first, only, isVerbose }: { first: number; only: ReadonlySet<number> | undefined; isVerbose: boolean },
): Promise<boolean> {
  const seed = String(first);
  const database = openWorkerDatabase(url);
  const result = await simulate(database, seed, only);
  await database.close();
  if (isVerbose) console.log(result.history.join('\n'));
  const hasPassed = result.violations.length === 0;
  if (hasPassed) console.log(`Seed ${seed} passes (history ${result.hash})`);
  else console.error(describeFailure(seed, result));
  return hasPassed;
}
