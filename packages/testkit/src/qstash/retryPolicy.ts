const RETRY_SECONDS_MAX = 86_400;

/** QStash's own backoff before retry `n`, from 1: 12 s, 148 s, 1808 s, … never more than a day. */
export const backoffMs = (retry: number): number =>
  Math.min(RETRY_SECONDS_MAX, Math.floor(Math.exp(2.5 * retry))) * 1_000;

/** `Retry-After` as seconds or as a date; null when it says neither. */
export function retryAfterMs(header: string | undefined, now: Date): number | null {
  if (header === undefined || header.trim() === '') return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now.getTime());
}

/** 489 with this header: the receiver says that no retry will ever succeed. */
export const isNonRetryable = (status: number, header: string | undefined): boolean =>
  status === 489 && header === 'true';
