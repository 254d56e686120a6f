import { toInstant } from '@everbeat/domain';
import type pg from 'pg';
import type { Coverage } from './coverage';

const AWAY_MS = 20 * 86_400_000;

/**
 * What weeks leave in which nobody has looked at anything; as many beats would take the simulation too long. Tasks that
 * remember something unread are slowed down by their next beat (PROTOCOL §4.5).
 */
export async function letWeeksPass(pool: pg.Pool, coverage: Coverage, now: Date): Promise<void> {
  const since = toInstant(new Date(now.getTime() - AWAY_MS));
  const { rowCount } = await pool.query(
    `update everbeat.tasks set revision = revision + 1, seen_at = least(seen_at, $1::timestamptz),
       context = jsonb_set(context, '{scheduler,absence,since}', to_jsonb($1::text))
     where status in ('scheduled', 'running') and context -> 'scheduler' ? 'absence' and deleted_at is null`,
    [since],
  );
  if ((rowCount ?? 0) > 0) coverage.count('clock', 'weeks pass');
}
