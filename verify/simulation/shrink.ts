import type { DatabaseConnection } from '@everbeat/database';
import { type SimulationResult, simulate } from './simulation';

/**
 * Removes steps from a failing history as long as its first violation still occurs: large parts first, then
 * smaller ones, then single steps. Returns the shortest failing run that it reaches within `runsMax` runs.
 */
export async function shrink(
  database: DatabaseConnection,
  seed: string,
  failed: SimulationResult,
  runsMax: number,
): Promise<SimulationResult> {
  const kind = kindOf(failed);
  let best = failed;
  let runs = 0;
  const attempt = async (ids: readonly number[]): Promise<void> => {
    runs += 1;
    const result = await simulate(database, seed, new Set(ids));
    if (kindOf(result) === kind) best = result;
  };

  const { failedAt } = failed;
  if (failedAt !== null && runsMax > 0) await attempt(idsOf(failed).filter((id) => id <= failedAt));
  for (let size = best.steps.length / 2; size >= 1 && runs < runsMax; size /= 2) {
    const part = Math.floor(size);
    for (let end = best.steps.length; end > 0 && runs < runsMax; end -= part) {
      const ids = idsOf(best);
      await attempt([...ids.slice(0, Math.max(0, end - part)), ...ids.slice(end)]);
    }
  }
  return best;
}

const idsOf = ({ steps }: SimulationResult): number[] => steps.map(({ id }) => id);

/** The first violation without ids, counts and times, which differ between runs. */
const kindOf = ({ violations }: SimulationResult): string | null =>
  violations[0]?.split('\n')[0]?.replaceAll(/(?<=.)[0-9a-f-]*\d[0-9a-f-]*/g, '…') ?? null;
