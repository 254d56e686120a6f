import { createHash } from 'node:crypto';
import { LIMITS } from '@everbeat/domain';
import { z } from 'zod';
import { NO_NOISE, noiseSchema } from './compare/noise';
import type { Target } from './target';
import type { WatchedPage } from './watchedPage';

/**
 * Another reading or comparison of pages than before is another version: what was stored cannot be compared.
 */
const VERSION = 3;

/** What one run stores for the next: the page as of the change that was reported last. */
const memorySchema = z.object({
  version: z.literal(VERSION),
  url: z.string(),
  selector: z.string().nullable(),
  without: z.array(z.string()),
  kind: z.enum(['text', 'json', 'feed']),
  /** Whether scripts had filled it: a page reads differently without them. */
  isRendered: z.boolean(),
  /** The picture of the page as it was then, if one was kept. */
  pictureId: z.string().nullable(),
  title: z.string(),
  text: z.string(),
  /**
   * The hash of the whole text as it is compared, so that a change beyond the stored part is detected too.
   */
  hash: z.string(),
  /** Whether `text` is only the beginning. */
  cut: z.boolean(),
  /** The ids of the items of a feed. */
  seen: z.array(z.string()),
  noise: noiseSchema,
  /** The number that thresholds looked at in the last look; null where there was none. */
  number: z.number().nullable(),
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
});
export type WatchMemory = z.output<typeof memorySchema>;

const VALIDATOR_CHARS_MAX = 500;
const TITLE_CHARS_MAX = 300;
/** Reserved for everything except the text. */
const ENVELOPE_BYTES = 200_000;

/** What was stored for this target. Null on the first run, and when the target has changed since. */
export function recall(memory: unknown, target: Target): WatchMemory | null {
  const parsed = memorySchema.safeParse(memory);
  if (!parsed.success) return null;
  const { url, selector, without } = parsed.data;
  const isSame =
    url === target.url && selector === target.selector && without.join('\n') === target.without.join('\n');
  return isSame ? parsed.data : null;
}

/** Whether something is stored that an earlier version of Everbeat has written. */
export const isOutdated = (memory: unknown): boolean =>
  z.looseObject({ version: z.number().lt(VERSION) }).safeParse(memory).success;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

type Kept = Partial<Pick<WatchMemory, 'noise' | 'number' | 'seen' | 'pictureId'>>;

/** A memory within `LIMITS.memoryBytesMax`, measured as the JSON that is stored. */
export function remember(page: WatchedPage, compared: string, target: Target, kept: Kept): WatchMemory {
  const text = cutToJsonBytes(page.text, LIMITS.memoryBytesMax - ENVELOPE_BYTES);
  return {
    version: VERSION,
    ...target,
    kind: page.kind,
    isRendered: page.isRendered,
    title: page.title.slice(0, TITLE_CHARS_MAX).toWellFormed(),
    text,
    hash: hashOf(compared),
    cut: text !== page.text,
    seen: kept.seen ?? [],
    noise: kept.noise ?? NO_NOISE,
    pictureId: kept.pictureId ?? null,
    number: kept.number ?? null,
    etag: validator(page.etag),
    lastModified: validator(page.lastModified),
  };
}

/** A validator that is too long is not stored; a truncated one would not match. */
const validator = (value: string | null): string | null =>
  value !== null && value.length <= VALIDATOR_CHARS_MAX ? value : null;

function cutToJsonBytes(text: string, bytesMax: number): string {
  let start = text;
  for (let bytes = jsonBytes(start); bytes > bytesMax; bytes = jsonBytes(start)) {
    start = start.slice(0, Math.floor((start.length * bytesMax * 0.99) / bytes)).toWellFormed();
  }
  return start;
}

const jsonBytes = (text: string): number => Buffer.byteLength(JSON.stringify(text));
