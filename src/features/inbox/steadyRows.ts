/**
 * What the list shows when fresh rows have arrived: nothing that is shown moves down. Rows that are shown
 * stay in their order and take their new content; rows that would stand between or above them wait until the
 * person asks for them; what comes after the last one is added.
 */
export interface SteadyRows<Row> {
  rows: Row[];
  /** How many rows wait. */
  waiting: number;
}

interface Keyed {
  key: string;
}

/** `keeps`: whether a row that is in the fresh ones no more stays nevertheless, as it was. */
export function steadyRows<Row extends Keyed>(
  shown: readonly Row[],
  fresh: readonly Row[],
  keeps: (gone: Row) => boolean,
): SteadyRows<Row> {
  const freshOf = new Map(fresh.map((row) => [row.key, row]));
  const kept = shown.flatMap((row) => {
    const now = freshOf.get(row.key);
    if (now !== undefined) return [now];
    return keeps(row) ? [row] : [];
  });
  if (kept.length === 0) return { rows: [...fresh], waiting: 0 };
  const shownKeys = new Set(kept.map(({ key }) => key));
  const lastShown = fresh.findLastIndex(({ key }) => shownKeys.has(key));
  const isNew = (row: Row): boolean => !shownKeys.has(row.key);
  return {
    rows: [...kept, ...fresh.slice(lastShown + 1).filter(isNew)],
    waiting: fresh.slice(0, Math.max(0, lastShown)).filter(isNew).length,
  };
}

/** Rows come back to their places, and to what they were, in the list as it was `before`. */
export function withRowsBack<Row extends Keyed>(
  rows: readonly Row[],
  before: readonly Row[],
  keys: ReadonlySet<string>,
): Row[] {
  const back = [...rows];
  const placeOf = (key: string): number => back.findIndex((row) => row.key === key);
  for (const [at, row] of before.entries()) {
    if (!keys.has(row.key)) continue;
    const place = placeOf(row.key);
    if (place >= 0) {
      back[place] = row;
      continue;
    }
    const neighbour = before.slice(0, at).findLast(({ key }) => placeOf(key) >= 0);
    back.splice(neighbour === undefined ? 0 : placeOf(neighbour.key) + 1, 0, row);
  }
  return back;
}
