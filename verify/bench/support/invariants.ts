import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Queryable } from '@everbeat/database';

const INVARIANTS = readFileSync(
  path.resolve(import.meta.dirname, '../../../packages/database/src/invariants.sql'),
  'utf8',
);

/** Ticks that wait longer than this are lost, however much is due. */
const HORIZON_SECONDS = 86_400;

/** Fails if the database does not hold every invariant that one look at it can tell. */
export async function assertSound(db: Queryable, now: Date): Promise<void> {
  const { rows } = await db.query<{ violation: string }>(INVARIANTS, [now, HORIZON_SECONDS]);
  if (rows.length > 0) throw new Error(`${rows.length} invariants are broken: ${rows[0]?.violation}`);
}
