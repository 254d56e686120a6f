import { createHash } from 'node:crypto';
import { LIMITS } from '@everbeat/domain';
import { z } from 'zod';
import type { WatchedPage } from './fetchPage';
import type { Target } from './target';

/** What one run stores for the next: the page as of its last change. */
const memorySchema = z.object({
  version: z.literal(1),
  url: z.string(),
  selector: z.string().nullable(),
  title: z.string(),
  text: z.string(),
  /** Of the whole text, so that a change beyond the stored part is detected too. */
  hash: z.string(),
  /** Whether `text` is only the beginning. */
  cut: z.boolean(),
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
});
export type WatchMemory = z.output<typeof memorySchema>;

const VALIDATOR_CHARS_MAX = 500;
const TITLE_CHARS_MAX = 300;
/** Reserved for everything except the text. */
const ENVELOPE_BYTES = 20_000;

/** What was stored for this target. Null on the first run, and when the target has changed since. */
export function recall(memory: unknown, target: Target): WatchMemory | null {
  const parsed = memorySchema.safeParse(memory);
  if (!parsed.success) return null;
  return parsed.data.url === target.url && parsed.data.selector === target.selector ? parsed.data : null;
}

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A memory within `LIMITS.memoryBytesMax`, measured as the JSON that is stored. */
export function remember(page: WatchedPage, target: Target): WatchMemory {
  const text = cutToJsonBytes(page.text, LIMITS.memoryBytesMax - ENVELOPE_BYTES);
  return {
    version: 1,
    ...target,
    title: page.title.slice(0, TITLE_CHARS_MAX).toWellFormed(),
    text,
    hash: hashOf(page.text),
    cut: text !== page.text,
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
