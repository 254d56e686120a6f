import type { TaskEventView } from '@everbeat/domain';
import { firstRow, type Queryable } from '../sql/queryable';
import {
  type FeedPosition,
  type FeedSnapshot,
  formatEventId,
  parseSnapshot,
  positionAfter,
  positionOf,
  type RowKey,
} from './feedPosition';
import { EVENT, type EventRow } from './rows';

/**
 * The feed of task_activities. A read takes all that has been committed since a position: the rows after it,
 * and those of transactions that were still open then. So no open transaction holds anything back, in this
 * database or in another of the same server, and a late commit is found in the read after it.
 */

export interface FeedEvent extends RowKey {
  userId: string;
  /** Where a stream stands that has received this event and all before it. */
  position: FeedPosition;
  view: TaskEventView;
}

interface FeedRow extends EventRow {
  tx: string;
  userId: string;
}

interface FeedAnswer {
  snapshot: string;
  rows: FeedRow[];
}

const FEED_COLUMNS = `a.tx::text as tx, a.user_id as "userId", ${EVENT.of('a')}`;

function toFeedEvent(row: FeedRow, before: FeedPosition, snapshot: FeedSnapshot): FeedEvent {
  const { tx, userId, ...event } = row;
  const { createdAt, ...view } = EVENT.parse(event);
  const key = { tx: BigInt(tx), id: BigInt(view.id) };
  const position = positionAfter(key, before, snapshot);
  return { ...key, userId, position, view: { ...view, id: formatEventId(key, position), at: createdAt } };
}

/** The position after everything that is committed now. Reads no table. */
export async function readFeedHead(db: Queryable): Promise<FeedPosition> {
  const row = await firstRow<{ head: string }>(db, {
    text: 'select pg_current_snapshot()::text as head',
  });
  return positionOf(parseSnapshot(row?.head ?? '0:0:'));
}

/** Where a reader of the whole feed stands. */
export interface FeedCursor {
  position: FeedPosition;
  /** The part of a read that did not fit into one batch is taken from the same snapshot, after this row. */
  rest: { snapshot: FeedSnapshot; after: RowKey } | null;
}

export interface FeedBatch {
  /** Ascending by (tx, id). */
  events: FeedEvent[];
  cursor: FeedCursor;
}

/**
 * The changes of all users' tasks that have been committed since the cursor, at most `limit` of them. Each
 * event is in one batch only. Reads task_activities_feed: one range, and one lookup for each transaction that
 * was open.
 */
export async function readFeed(db: Queryable, cursor: FeedCursor, limit: number): Promise<FeedBatch> {
  const { position, rest } = cursor;
  const after = rest?.after ?? { tx: 0n, id: 0n };
  const answer = await firstRow<FeedAnswer>(db, {
    name: 'everbeat_read_feed',
    text: `
      select pg_current_snapshot()::text as snapshot, (
        select coalesce(json_agg(r order by r.tx::xid8, r.id), '[]') from (
          select * from (
            (select ${FEED_COLUMNS} from everbeat.task_activities a
             where (a.tx, a.id) > ($1::xid8, $2::bigint) and (a.tx, a.id) > ($4::xid8, $5::bigint)
               and ($6::text is null or pg_visible_in_snapshot(a.tx, $6::pg_snapshot))
             order by a.tx, a.id limit $7)
            union all
            (select ${FEED_COLUMNS} from everbeat.task_activities a
             where a.tx = any($3::xid8[]) and (a.tx, a.id) > ($4::xid8, $5::bigint)
               and ($6::text is null or pg_visible_in_snapshot(a.tx, $6::pg_snapshot))
             order by a.tx, a.id limit $7)
          ) u order by u.tx::xid8, u.id limit $7
        ) r
      ) as rows`,
    values: [
      String(position.tx),
      String(position.id),
      position.open.map(String),
      String(after.tx),
      String(after.id),
      rest?.snapshot.text ?? null,
      limit,
    ],
  });
  if (answer === null) return { events: [], cursor };
  const snapshot = rest?.snapshot ?? parseSnapshot(answer.snapshot);
  const events = answer.rows.map((row) => toFeedEvent(row, position, snapshot));
  const last = events.at(-1);
  return last === undefined || events.length < limit
    ? { events, cursor: { position: positionOf(snapshot), rest: null } }
    : { events, cursor: { position, rest: { snapshot, after: { tx: last.tx, id: last.id } } } };
}

export interface Replay {
  /** The newest `limit` of the missed events, oldest first. */
  events: FeedEvent[];
  /** Everything up to here has been read, except for what was left out. */
  head: FeedPosition;
}

const MISSED = 'a.user_id = $1 and ($2::uuid is null or a.task_id = $2::uuid)';

/** The changes of one user's tasks, or of one task of theirs, since a position. */
export async function replayFeed(
  db: Queryable,
  missed: { userId: string; taskId: string | null; after: FeedPosition; limit: number },
): Promise<Replay> {
  const { userId, taskId, after, limit } = missed;
  const answer = await firstRow<FeedAnswer>(db, {
    name: 'everbeat_replay_feed',
    text: `
      select pg_current_snapshot()::text as snapshot, (
        select coalesce(json_agg(r order by r.tx::xid8, r.id), '[]') from (
          select * from (
            (select ${FEED_COLUMNS} from everbeat.task_activities a
             where ${MISSED}
               and (a.tx, a.id) > ($3::xid8, $4::bigint)
             order by a.tx desc, a.id desc limit $6)
            union all
            (select ${FEED_COLUMNS} from everbeat.task_activities a
             where ${MISSED}
               and a.tx = any($5::xid8[])
             order by a.tx desc, a.id desc limit $6)
          ) u order by u.tx::xid8 desc, u.id desc limit $6
        ) r
      ) as rows`,
    values: [userId, taskId, String(after.tx), String(after.id), after.open.map(String), limit],
  });
  if (answer === null) return { events: [], head: after };
  const snapshot = parseSnapshot(answer.snapshot);
  return {
    events: answer.rows.map((row) => toFeedEvent(row, after, snapshot)),
    head: positionOf(snapshot),
  };
}
