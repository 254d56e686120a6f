import type { TaskEventView } from '@everbeat/domain';
import { firstRow, type Queryable } from '../sql/queryable';
import { ACTIVITY, type ActivityRow, toActivityView } from './rows';

/**
 * The feed of task_activities, ordered by (writing transaction, id). A reader sees only transactions older
 * than every one that is still open, so a row that commits late can never appear behind a position that a
 * reader has passed.
 */

/** A position in the feed: everything up to and including it has been read. */
export interface FeedPosition {
  tx: bigint;
  id: bigint;
}

export interface FeedEvent {
  position: FeedPosition;
  userId: string;
  view: TaskEventView;
}

interface FeedRow extends ActivityRow {
  tx: string;
  userId: string;
}

export const formatPosition = (position: FeedPosition): string => `${position.tx}.${position.id}`;

const TX_MAX = 2n ** 64n - 1n;
const ID_MAX = 2n ** 63n - 1n;

/** Null: the text is not a position of this feed. */
export function parsePosition(text: string): FeedPosition | null {
  const match = /^(\d{1,20})\.(\d{1,19})$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) return null;
  const position = { tx: BigInt(match[1]), id: BigInt(match[2]) };
  return position.tx <= TX_MAX && position.id <= ID_MAX ? position : null;
}

export const isAfter = (a: FeedPosition, b: FeedPosition): boolean =>
  a.tx === b.tx ? a.id > b.id : a.tx > b.tx;

const HORIZON = 'pg_snapshot_xmin(pg_current_snapshot())';

const FEED_COLUMNS = `a.tx::text as tx, a.user_id as "userId", ${ACTIVITY.of('a')}`;

function toFeedEvent(row: FeedRow): FeedEvent {
  const { tx, userId, ...activity } = row;
  const { createdAt, ...view } = toActivityView(activity);
  const position = { tx: BigInt(tx), id: BigInt(view.id) };
  return {
    position,
    userId,
    view: { ...view, id: formatPosition(position), at: createdAt },
  };
}

/** The end of what can be read now. Reads no table. */
export async function readFeedHead(db: Queryable): Promise<FeedPosition> {
  const { rows } = await db.query<{ head: string }>(`select ${HORIZON}::text as head`);
  return { tx: BigInt(rows[0]?.head ?? 0), id: 0n };
}

/**
 * The changes of all users' tasks after `position`, oldest first, at most `limit`. Reads
 * task_activities_feed.
 */
export async function readFeed(db: Queryable, position: FeedPosition, limit: number): Promise<FeedEvent[]> {
  const { rows } = await db.query<FeedRow>({
    name: 'everbeat_read_feed',
    text: `
      select ${FEED_COLUMNS} from everbeat.task_activities a
      where (a.tx, a.id) > ($1::xid8, $2::bigint) and a.tx < ${HORIZON}
      order by a.tx, a.id
      limit $3`,
    values: [String(position.tx), String(position.id), limit],
  });
  return rows.map(toFeedEvent);
}

export interface Replay {
  /** The newest `limit` of the missed events, oldest first. */
  events: FeedEvent[];
  /** The feed was read up to here. */
  head: FeedPosition;
}

/** The changes of one user's tasks, or of one task of theirs, after a position. */
export async function replayFeed(
  db: Queryable,
  missed: { userId: string; taskId: string | null; after: FeedPosition; limit: number },
): Promise<Replay> {
  const row = await firstRow<{ head: string; events: FeedRow[] }>(db, {
    name: 'everbeat_replay_feed',
    text: `
      select ${HORIZON}::text as head, (
        select coalesce(json_agg(r), '[]') from (
          select ${FEED_COLUMNS} from everbeat.task_activities a
          where a.user_id = $1 and ($2::uuid is null or a.task_id = $2::uuid)
            and (a.tx, a.id) > ($3::xid8, $4::bigint) and a.tx < ${HORIZON}
          order by a.tx desc, a.id desc
          limit $5
        ) r
      ) as events`,
    values: [missed.userId, missed.taskId, String(missed.after.tx), String(missed.after.id), missed.limit],
  });
  return {
    events: (row?.events ?? []).map(toFeedEvent).reverse(),
    head: { tx: BigInt(row?.head ?? 0), id: 0n },
  };
}
