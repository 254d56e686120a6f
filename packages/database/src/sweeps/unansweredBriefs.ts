import { toInstant } from '@everbeat/domain';
import { isAwake } from '../sql/inbox';
import type { Queryable } from '../sql/queryable';

/**
 * Asks questions again that nobody has answered for long, once each: a trigger writes the rows of the channels that do
 * so. One that the person has put off waits until it is back; one whose time is over waits for its default alone. Returns
 * how many there were. Reads briefs_escalate_idx.
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
