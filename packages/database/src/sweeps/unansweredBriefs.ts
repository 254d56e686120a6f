import { LIMITS, toInstant } from '@everbeat/domain';
import { isAwake } from '../sql/inbox';
import type { Queryable } from '../sql/queryable';

/**
 * Asks questions again that nobody has answered for long, once each: a trigger writes the rows of the
 * channels that do so. One that the person has put off waits until it is back; one whose time is over waits
 * for its default alone. Returns how many there were. Reads briefs_escalate_idx.
 */
export async function askAgain(db: Queryable, { now, limit }: { now: Date; limit: number }): Promise<number> {
  const { rowCount } = await db.query({
    name: 'everbeat_ask_again',
    text: `
      update everbeat.briefs b set escalated_at = $1::timestamptz, escalate_at = null
      from (
        select q.id from everbeat.briefs q
        where q.resolved_at is null and q.escalate_at <= $1::timestamptz and ${isAwake('q', '$1::timestamptz')}
          and (q.expires_at is null or q.expires_at > $1::timestamptz)
        order by q.escalate_at limit $2 for update skip locked) q
      where b.id = q.id`,
    values: [toInstant(now), limit],
  });
  return rowCount ?? 0;
}

/** No question waits for longer; a clock of a server may be wrong by some minutes. */
const LATEST = `greatest($1::timestamptz, now()) + make_interval(secs => ${LIMITS.expirySecondsMax + 3_600})`;

/** As long after now as it was after the question. */
const fromNow = (column: 'expires_at' | 'escalate_at'): string => `
        case when b.${column} > ${LATEST} then $1::timestamptz + least(
          greatest(b.${column} - coalesce(b.asked_at, b.created_at), make_interval(secs => ${LIMITS.expirySecondsMin})),
          make_interval(secs => ${LIMITS.expirySecondsMax}))
        else b.${column} end`;

const farIds = (column: 'expires_at' | 'escalate_at'): string => `
        array(select q.id from everbeat.briefs q where q.resolved_at is null and q.${column} > ${LATEST}
          order by q.${column} limit $2 for update skip locked)`;

/**
 * Gives the questions that were asked while a clock was ahead the times that they would have had: else
 * silence would answer them years later. Returns how many there were. Reads briefs_expires_idx and
 * briefs_escalate_idx.
 */
export async function correctFarQuestions(
  db: Queryable,
  { now, limit }: { now: Date; limit: number },
): Promise<number> {
  const { rowCount } = await db.query({
    name: 'everbeat_correct_far_questions',
    text: `
      update everbeat.briefs b set
        expires_at = ${fromNow('expires_at')},
        escalate_at = ${fromNow('escalate_at')}
      where b.id = any(${farIds('expires_at')} || ${farIds('escalate_at')})`,
    values: [toInstant(now), limit],
  });
  return rowCount ?? 0;
}
