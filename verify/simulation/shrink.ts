import type { DatabaseConnection } from '@everbeat/database';
import { type SimulationResult, simulate } from './simulation';

/**
 * Leaves out what steps it can so that the first breach still shows: first large parts of the history, then smaller ones, then single
 * steps. Answers the shortest failing run that it reached within `triesMax` runs.
 */
export async function shrink(
  database: DatabaseConnection,
  seed: string,
  failed: SimulationResult,
  triesMax: number,
): Promise<SimulationResult> {
  const kind = kindOf(failed);
  let best = failed;
  let tries = 0;
  const attempt = async (ids: readonly number[]): Promise<boolean> => {
    tries += 1;
    const result = await simulate(database, seed, new Set(ids));
    if (kindOf(result) !== kind) return false;
    best = result;
    return true;
  };

  if (failed.failedAt !== null && triesMax > 0)
    await attempt(idsOf(failed).filter((id) => id <= (failed.failedAt ?? 0)));
  for (let size = best.steps.length / 2; size >= 1 && tries < triesMax; size /= 2) {
    const part = Math.floor(size);
    for (let end = best.steps.length; end > 0 && tries < triesMax; end -= part) {
      const ids = idsOf(best);
      await attempt([...ids.slice(0, Math.max(0, end - part)), ...ids.slice(end)]);
    }
  }
  return best;
}

const idsOf = ({ steps }: SimulationResult): number[] => steps.map(({ id }) => id);

/** Ids, counts and times differ from run to run; the invariant's number and the words do not. */
const kindOf = ({ breaches }: SimulationResult): string | null =>
  breaches[0]?.split('\n')[0]?.replaceAll(/(?<=.)[0-9a-f-]*\d[0-9a-f-]*/g, '…') ?? null;
