import { toInstant } from '@everbeat/domain';
import { faultCode } from '../faults';
import type { Queryable } from '../sql/queryable';

/** Read-only transactions (a replica, or a setting), a full disk, a role without the right to write. */
const NOT_WRITABLE = new Set(['25006', '53100', '42501']);

/** However often it is asked, a row is written at most once in this time. */
const WRITE_EVERY_MS = 5_000;

/**
 * Whether the database takes writes: it may still answer every read when it does not. Waits for no row.
 * @throws other errors of the database
 */
export async function isWritable(db: Queryable, now: Date): Promise<boolean> {
  try {
    await db.query({
      name: 'everbeat_is_writable',
      text: `
        with due as (
          select key from everbeat.system_state
          where key = 'readiness' and updated_at not between $2::timestamptz and $1::timestamptz
          for update skip locked
        ), renewed as (
          update everbeat.system_state s set updated_at = $1::timestamptz from due where s.key = due.key
        )
        insert into everbeat.system_state (key, value, updated_at) values ('readiness', '{}', $1::timestamptz)
        on conflict (key) do nothing`,
      values: [toInstant(now), toInstant(new Date(now.getTime() - WRITE_EVERY_MS))],
    });
    return true;
  } catch (error) {
    if (NOT_WRITABLE.has(faultCode(error) ?? '')) return false;
    throw error;
  }
}
