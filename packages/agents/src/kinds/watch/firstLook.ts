import { setTimeout as delay } from 'node:timers/promises';
import { foldedLines } from './compare/fold';
import { jsonNoiseIn, NO_NOISE, type Noise, noiseIn } from './compare/noise';
import type { WatchedPage } from './fetchPage';

/**
 * Looks again at a page that was read for the first time, some seconds later, and a third time where that
 * differs, to learn what changes by itself. A feed has no such parts: its items are known by their ids.
 * @throws what `again` throws; the signal's reason
 */
export async function noiseOf(
  first: WatchedPage,
  again: () => Promise<WatchedPage>,
  { waitMs, signal }: { waitMs: number; signal: AbortSignal },
): Promise<Noise> {
  if (first.kind === 'feed') return NO_NOISE;
  const later = async (): Promise<WatchedPage> => {
    await delay(waitMs, undefined, { signal });
    return await again();
  };
  const second = await later();
  if (second.text === first.text || second.kind !== first.kind) return NO_NOISE;
  const third = await later();
  if (first.kind === 'json') return jsonNoiseIn([first.text, second.text, third.text]);
  return noiseIn([foldedLines(first.text), foldedLines(second.text), foldedLines(third.text)]);
}
