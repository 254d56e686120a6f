import { createDatabase, type DatabaseConnection } from '@everbeat/database';
import type { Counts } from './coverage';
import { describeFailure } from './describeFailure';
import { shrink } from './shrink';
import { simulate } from './simulation';

const SHRINK_TRIES_MAX = 120;

export interface SeedReport {
  seed: string;
  hash: string;
  coverage: Counts;
  /** What broke and how to play it again; null: the seed holds. */
  failure: string | null;
}

/** Plays seeds one after another on a database of its own. */
export interface Lane {
  play(seed: string, mayShrink: boolean): Promise<SeedReport>;
}

/**
 * A connection for a lane. Plans are made once: planning a statement anew costs as much as carrying it out, on tables
 * as small as these.
 */
export function openLaneDatabase(databaseUrl: string): DatabaseConnection {
  const url = new URL(databaseUrl);
  url.searchParams.set('options', '-c plan_cache_mode=force_generic_plan');
  return createDatabase({ url: url.href, applicationName: 'everbeat-simulation' });
}

/** A lane in this thread. A seed that cannot be played to its end is a failure, and others follow. */
export const createLane = (database: DatabaseConnection): Lane => ({
  async play(seed, mayShrink) {
    try {
      const result = await simulate(database, seed);
      const { hash, coverage, breaches } = result;
      if (breaches.length === 0) return { seed, hash, coverage, failure: null };
      const shortest = mayShrink ? await shrink(database, seed, result, SHRINK_TRIES_MAX) : result;
      return { seed, hash, coverage, failure: describeFailure(seed, shortest) };
    } catch (error) {
      const why = error instanceof Error ? error.stack : String(error);
      const failure = `Seed ${seed} could not be played: ${why}\nTo play it again: npm run simulate -- --seed ${seed} --verbose`;
      return { seed, hash: '0', coverage: {}, failure };
    }
  },
});
