import { createDatabase, type DatabaseConnection } from '@everbeat/database';
import type { Counts } from './coverage';
import { describeFailure } from './describeFailure';
import { shrink } from './shrink';
import { simulate } from './simulation';

const SHRINK_RUNS_MAX = 120;

export interface SeedReport {
  seed: string;
  hash: string;
  coverage: Counts;
  /** What went wrong and how to replay it; null: the seed passed. */
  failure: string | null;
}

/** Runs one seed after another on its own database. */
export interface SeedWorker {
  run(seed: string, mayShrink: boolean): Promise<SeedReport>;
}

/** Forces generic plans: on tables this small, planning a statement again costs as much as executing it. */
export function openWorkerDatabase(databaseUrl: string): DatabaseConnection {
  const url = new URL(databaseUrl);
  url.searchParams.set('options', '-c plan_cache_mode=force_generic_plan');
  return createDatabase({ url: url.href, applicationName: 'everbeat-simulation' });
}

/**
 * A worker in this process. A seed that throws is reported as failed, and the worker goes on with the next.
 */
export const createSeedWorker = (database: DatabaseConnection): SeedWorker => ({
  async run(seed, mayShrink) {
    try {
      const result = await simulate(database, seed);
      const { hash, coverage, violations } = result;
      if (violations.length === 0) return { seed, hash, coverage, failure: null };
      const shortest = mayShrink ? await shrink(database, seed, result, SHRINK_RUNS_MAX) : result;
      return { seed, hash, coverage, failure: describeFailure(seed, shortest) };
    } catch (error) {
      const why = error instanceof Error ? error.stack : String(error);
      const failure = `Seed ${seed} could not be run: ${why}\nReplay it: npm run simulate -- --seed ${seed} --verbose`;
      return { seed, hash: '0', coverage: {}, failure };
    }
  },
});
