/**
 * Positions in the feed of task_activities, which is ordered by (writing transaction, id). Transactions end
 * in another order than they began, so a position also names those that were still open when it was read:
 * what they wrote may appear later, behind it.
 */

export interface RowKey {
  tx: bigint;
  id: bigint;
}

/** Everything up to and including (tx, id) has been read, except what the transactions in `open` wrote. */
export interface FeedPosition extends RowKey {
  /** Ascending, all below `tx`. */
  open: readonly bigint[];
}

/** What a statement could see, as Postgres writes a `pg_snapshot`: `xmin:xmax:open,open`. */
export interface FeedSnapshot {
  text: string;
  /** No transaction from this one on could be seen. */
  xmax: bigint;
  /** Ascending. */
  open: readonly bigint[];
}

/**
 * More open transactions than this are not named in an id: its position then goes back to the first that is
 * left out, and what was read from there on is read again. So an id stays short, and a stream that resumes
 * there skips nothing.
 */
const OPEN_NAMED_MAX = 32;

const TX_MAX = 2n ** 64n - 1n;
const ID_MAX = 2n ** 63n - 1n;

export const isAfter = (a: RowKey, b: RowKey): boolean => (a.tx === b.tx ? a.id > b.id : a.tx > b.tx);

/** Whether the row has been read at this position. */
export const includes = (position: FeedPosition, row: RowKey): boolean =>
  !isAfter(row, position) && !position.open.includes(row.tx);

/** @throws SyntaxError when the text is not a snapshot */
export function parseSnapshot(text: string): FeedSnapshot {
  const [, xmax, open] = text.split(':');
  return {
    text,
    xmax: BigInt(xmax ?? ''),
    open: open === undefined || open === '' ? [] : open.split(',').map(BigInt),
  };
}

/** The position at which everything in the snapshot has been read. */
export const positionOf = ({ xmax, open }: FeedSnapshot): FeedPosition => ({ tx: xmax, id: 0n, open });

/**
 * The position after one row of a read in ascending order, that began at `before` and saw `snapshot`. A row
 * of a transaction that committed late does not move the position back; its transaction, and those after it
 * that were open before, stay named until the read is over, so that nothing between is lost.
 */
export function positionAfter(row: RowKey, before: FeedPosition, snapshot: FeedSnapshot): FeedPosition {
  if (isAfter(row, before)) {
    return { tx: row.tx, id: row.id, open: snapshot.open.filter((tx) => tx < row.tx) };
  }
  const unread = before.open.filter((tx) => tx >= row.tx || snapshot.open.includes(tx));
  return { tx: before.tx, id: before.id, open: unread };
}

function withShortList(position: FeedPosition): FeedPosition {
  const first = position.open[OPEN_NAMED_MAX];
  return first === undefined ? position : { tx: first, id: 0n, open: position.open.slice(0, OPEN_NAMED_MAX) };
}

const keyText = ({ tx, id }: RowKey): string => `${tx}.${id}`;

/**
 * The id of an event: `<tx>.<id>` of its row; `@<tx>.<id>` where the position of the stream is another; and
 * for each transaction that was open, `~` and how far it lies below the position. The part before `@` and `~`
 * identifies the event, the whole is where a stream resumes.
 */
export function formatEventId(row: RowKey, whole: FeedPosition): string {
  const position = withShortList(whole);
  const isInOrder = row.tx === position.tx && row.id === position.id;
  const at = isInOrder ? '' : `@${keyText(position)}`;
  return `${keyText(row)}${at}${position.open.map((tx) => `~${position.tx - tx}`).join('')}`;
}

const EVENT_ID = /^(\d{1,20}\.\d{1,19})(?:@(\d{1,20}\.\d{1,19}))?((?:~\d{1,20}){0,32})$/;

/** The position after the event of this id. Null: the text is not the id of an event. */
export function parseEventId(text: string): FeedPosition | null {
  const [, own, at, list = ''] = EVENT_ID.exec(text) ?? [];
  const [tx, id] = (at ?? own)?.split('.').map(BigInt) ?? [];
  if (tx === undefined || id === undefined || tx > TX_MAX || id > ID_MAX) return null;
  const open = list
    .split('~')
    .slice(1)
    .map((distance) => tx - BigInt(distance));
  return open.every((each) => each >= 0n && each < tx) ? { tx, id, open } : null;
}
