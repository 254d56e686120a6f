'use client';

import { useSyncExternalStore } from 'react';
import type { InboxRow, InboxView } from './inboxRow';

/**
 * Rows that an act has taken off a view before the server has answered. A row comes back when the act fails,
 * and is shown although hidden when it has got a newer brief.
 */
let hidden: ReadonlyMap<string, number> = new Map();
const listeners = new Set<() => void>();

const nameOf = (view: InboxView, key: string): string => `${view} ${key}`;

function set(next: ReadonlyMap<string, number>): void {
  hidden = next;
  for (const listener of listeners) listener();
}

/** Hides the rows in these views. Returns what shows them again. */
export function hideRows(views: readonly InboxView[], rows: readonly InboxRow[]): () => void {
  const entries = views.flatMap((view) =>
    rows.map((row) => [nameOf(view, row.key), row.newestAt.getTime()] as const),
  );
  set(new Map([...hidden, ...entries]));
  return () => {
    const next = new Map(hidden);
    for (const [name] of entries) next.delete(name);
    set(next);
  };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
const nothing: ReadonlyMap<string, number> = new Map();

/** Whether a row of this view is hidden now. */
export function useIsHidden(view: InboxView): (row: InboxRow) => boolean {
  const now = useSyncExternalStore(
    subscribe,
    () => hidden,
    () => nothing,
  );
  return (row) => (now.get(nameOf(view, row.key)) ?? Number.NEGATIVE_INFINITY) >= row.newestAt.getTime();
}
