import type { ImportedWatch } from '@everbeat/agents';
import { findWatching, type Queryable } from '@everbeat/database';
import { type ImportRow, plainAddress, spellingsOf } from '@everbeat/domain';

type Duplicate = NonNullable<ImportRow['duplicate']>;

/** For each watch of a file, in their order, what watches the same part of the same page already. */
export async function duplicatesOf(
  db: Queryable,
  userId: string,
  watches: readonly ImportedWatch[],
): Promise<(Duplicate | null)[]> {
  const urls = watches.flatMap(({ url, problem }) => (problem === null ? spellingsOf(url) : []));
  const known = new Map<string, Duplicate>();
  for (const { url, selector, ...task } of await findWatching(db, userId, [...new Set(urls)])) {
    const key = keyOf(url, selector);
    if (!known.has(key)) known.set(key, task);
  }
  return watches.map(({ settings }, row) => {
    if (settings?.url === undefined) return null;
    const key = keyOf(settings.url, settings.selector ?? null);
    const duplicate = known.get(key) ?? null;
    if (duplicate === null) known.set(key, { row });
    return duplicate;
  });
}

const keyOf = (url: string, selector: string | null): string => JSON.stringify([plainAddress(url), selector]);
