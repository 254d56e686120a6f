import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Queryable } from '@everbeat/database';

/**
 * One query that returns every violation of the invariants (PROTOCOL §8) that the database alone can show.
 * `$1` is the current time; a ledger row may stay open for `$2` seconds after its due time.
 */
export const INVARIANTS_SQL = readFileSync(
  path.resolve(import.meta.dirname, '../../database/src/invariants.sql'),
  'utf8',
);

/** The violations found in the database at `now`; an empty list when every invariant holds. */
export async function findViolations(
  db: Queryable,
  { now, horizonSeconds }: { now: Date; horizonSeconds: number },
): Promise<{ violation: string; task_id: string }[]> {
  const { rows } = await db.query<{ violation: string; task_id: string }>(INVARIANTS_SQL, [
    now.toISOString(),
    horizonSeconds,
  ]);
  return rows;
}
