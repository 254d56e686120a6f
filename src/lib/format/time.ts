const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** "just now", "5 minutes ago", "in 3 hours", "yesterday". Always English, like the rest of the interface. */
export function formatRelativeTime(at: Date, now: number): string {
  const distanceMs = at.getTime() - now;
  const magnitudeMs = Math.abs(distanceMs);
  if (magnitudeMs < 45_000) return distanceMs > 5_000 ? 'in less than a minute' : 'just now';
  const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  if (magnitudeMs < 45 * MINUTE_MS) return relative.format(Math.round(distanceMs / MINUTE_MS), 'minute');
  if (magnitudeMs < 22 * HOUR_MS) return relative.format(Math.round(distanceMs / HOUR_MS), 'hour');
  if (magnitudeMs < 26 * DAY_MS) return relative.format(Math.round(distanceMs / DAY_MS), 'day');
  if (magnitudeMs < 320 * DAY_MS) return relative.format(Math.round(distanceMs / (30 * DAY_MS)), 'month');
  return relative.format(Math.round(distanceMs / (365 * DAY_MS)), 'year');
}

/** Date and time to the second, in the browser's locale and time zone. */
export const formatDateTime = (at: Date): string =>
  new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' }).format(at);

/** Weekday, date and time in the given time zone. */
export const formatTimeInZone = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat(undefined, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  }).format(at);

export const browserTimezone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The value of a `datetime-local` input for an ISO instant, in the browser's time zone; '' for none. */
export function toLocalInput(instant: string | undefined): string {
  if (instant === undefined) return '';
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return '';
  const local = new Date(at.getTime() - at.getTimezoneOffset() * MINUTE_MS);
  return local.toISOString().slice(0, 16);
}

/** The ISO instant of a `datetime-local` value, or undefined when it is empty or invalid. */
export function fromLocalInput(value: string): string | undefined {
  const at = new Date(value);
  return value === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
