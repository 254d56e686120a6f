import type { DatabaseConnection } from '@everbeat/database';
import pg from 'pg';
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

/**
 * The settings of each session. Nothing here may depend on real time, so no statement has a time limit; only
 * one that meets a held row ends at once, because it would wait in vain. Generic plans: on tables this small,
 * planning a statement again costs as much as executing it. No sequential scans, as in the product.
 */
const SETTINGS = { plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off', lock_timeout: '2ms' };

export function openWorkerDatabase(url: string): DatabaseConnection {
  const options = Object.entries(SETTINGS).map(([name, value]) => `-c ${name}=${value}`);
  const pool = new pg.Pool({
    connectionString: url,
    options: options.join(' '),
    application_name: 'everbeat-simulation',
    idleTimeoutMillis: 0,
  });
  // A query reports its own error; the loss of an idle connection, when the server is stopped, matters to
  // nobody.
  pool.on('error', () => undefined);
  return { pool, close: () => pool.end() };
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
