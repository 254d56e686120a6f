/** Moving through the rows of a list, and selecting several. A row is named by its key. */

/**
 * The row after (`by` 1) or before (-1) the current one; at an end, the row itself. Null in an empty list.
 */
export function stepFrom(keys: readonly string[], current: string | null, by: 1 | -1): string | null {
  const at = current === null ? -1 : keys.indexOf(current);
  if (at < 0) return keys[0] ?? null;
  return keys[at + by] ?? keys[at] ?? null;
}

/** All rows between the two, in the order of the list, whichever comes first. Without an anchor, one row. */
export function rangeOf(keys: readonly string[], anchor: string | null, to: string): string[] {
  const ends = [anchor === null ? -1 : keys.indexOf(anchor), keys.indexOf(to)].filter((at) => at >= 0);
  if (ends.length === 0) return [];
  return keys.slice(Math.min(...ends), Math.max(...ends) + 1);
}

/**
 * Where the focus goes when rows leave: the next row that stays, or the last before them. Null: none stays.
 */
export function nextFocus(
  keys: readonly string[],
  leaving: ReadonlySet<string>,
  current: string | null,
): string | null {
  const at = current === null ? 0 : Math.max(0, keys.indexOf(current));
  const stays = (key: string): boolean => !leaving.has(key);
  return keys.slice(at).find(stays) ?? keys.slice(0, at).findLast(stays) ?? null;
}

export function toggled(selected: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(selected);
  if (!next.delete(key)) next.add(key);
  return next;
}
