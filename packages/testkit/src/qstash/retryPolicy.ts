const RETRY_SECONDS_MAX = 86_400;

/** QStash's backoff before a retry (1-based): 12 s, 148 s, 1808 s, … at most a day. */
export const backoffMs = (retry: number): number =>
  Math.min(RETRY_SECONDS_MAX, Math.floor(Math.exp(2.5 * retry))) * 1_000;

/** Parses `Retry-After`, seconds or a date; null if it is neither. */
export function retryAfterMs(header: string | undefined, now: Date): number | null {
  if (header === undefined || header.trim() === '') return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now.getTime());
}

/** Whether the receiver asks for no retries: status 489 with this header. */
export const isNonRetryable = (status: number, header: string | undefined): boolean =>
  status === 489 && header === 'true';
