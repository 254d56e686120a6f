'use client';

import { useState } from 'react';
import type { InboxRow } from './inboxRow';
import { type SteadyRows, steadyRows, withRowsBack } from './steadyRows';

interface Shown extends SteadyRows<InboxRow> {
  scope: string;
  fresh: readonly InboxRow[];
  /** The keys of rows that left by an act. */
  left: ReadonlySet<string>;
}

const NOTHING: Shown = { scope: '', fresh: [], rows: [], waiting: 0, left: new Set() };

export interface SteadyList extends SteadyRows<InboxRow> {
  /** Shows also the rows that wait. */
  showAll: () => void;
  /** Rows that an act has taken away are not kept. */
  leave: (keys: ReadonlySet<string>) => void;
  /** A brief of the row was answered: a row that is kept does not hold it any more. */
  leaveBrief: (key: string, briefId: string) => void;
  /** The act was taken back: its rows stand again where they stood in the list `before`. */
  comeBack: (keys: ReadonlySet<string>, before: readonly InboxRow[]) => void;
}

const without = (row: InboxRow, briefId: string): InboxRow => ({
  ...row,
  briefIds: row.briefIds.filter((id) => id !== briefId),
});

/**
 * The rows that the list shows, which do not move when `fresh` ones arrive. `scope` names what is listed:
 * with another one, the list begins anew. `fresh` keeps its identity as long as nothing has arrived; null:
 * nothing has yet. `keepsGone`: a row that is no longer among the fresh ones stays, unless it left by an act.
 */
export function useSteadyRows(
  scope: string,
  fresh: readonly InboxRow[] | null,
  { keepsGone }: { keepsGone: boolean },
): SteadyList {
  const [shown, setShown] = useState(NOTHING);
  let current = shown;
  if (fresh !== null && (shown.fresh !== fresh || shown.scope !== scope)) {
    const before = shown.scope === scope ? shown : NOTHING;
    const { rows, left } = before;
    current = { scope, fresh, left, ...steadyRows(rows, fresh, ({ key }) => keepsGone && !left.has(key)) };
    setShown(current);
  }
  return {
    rows: current.rows,
    waiting: current.waiting,
    showAll: () => setShown((now) => ({ ...now, rows: [...now.fresh], waiting: 0 })),
    leave: (keys) =>
      setShown((now) => {
        const isFresh = new Set(now.fresh.map(({ key }) => key));
        const rows = now.rows.filter(({ key }) => !keys.has(key) || isFresh.has(key));
        return { ...now, rows, left: new Set([...now.left, ...keys]) };
      }),
    leaveBrief: (key, briefId) =>
      setShown((now) => ({
        ...now,
        rows: now.rows.map((row) => (row.key === key ? without(row, briefId) : row)),
      })),
    comeBack: (keys, before) =>
      setShown((now) => ({
        ...now,
        rows: withRowsBack(now.rows, before, keys),
        left: new Set([...now.left].filter((key) => !keys.has(key))),
      })),
  };
}
