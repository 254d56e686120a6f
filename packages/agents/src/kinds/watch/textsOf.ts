import { setTimeout as delay } from 'node:timers/promises';
import type { Texts } from './looks';
import type { WatchedPage } from './watchedPage';

/**
 * Looks again at a page that was read for the first time, some seconds later, and a third time where that
 * differs, so that what changes by itself is learned. Null: there is nothing to learn. A feed has no such
 * parts: its items are known by their ids.
 * @throws what `again` throws; the signal's reason
 */
export async function textsOf(
  first: WatchedPage,
  again: () => Promise<WatchedPage>,
  { waitMs, signal }: { waitMs: number; signal: AbortSignal },
): Promise<Texts | null> {
  if (first.kind === 'feed') return null;
  const later = async (): Promise<WatchedPage> => {
    await delay(waitMs, undefined, { signal });
    return await again();
  };
  const second = await later();
  if (second.text === first.text || second.kind !== first.kind) return null;
  const third = await later();
  return [first.text, second.text, third.text];
}
