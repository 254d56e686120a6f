import { formatSpan } from './duration';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

const format = (at: Date, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(undefined, options).format(at);

/** "14:05", in the browser's time zone and habit. */
export const formatClock = (at: Date): string => format(at, { hour: '2-digit', minute: '2-digit' });

/** "3 May 2031", in the browser's time zone and locale. */
export const formatDate = (at: Date): string =>
  format(at, { day: 'numeric', month: 'short', year: 'numeric' });

/** How many midnights of the browser's time zone lie between the two; negative when `at` is earlier. */
function daysFrom(now: Date, at: Date): number {
  const day = (date: Date): number => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate());
  return Math.round((day(at) - day(now)) / DAY_MS);
}

/** "17:20" for today, "tomorrow 08:00", "Wed 08:00" within a week, "3 May 08:00", "3 May 2031 08:00". */
export function formatDay(at: Date, now: Date): string {
  const days = daysFrom(now, at);
  const clock = formatClock(at);
  if (days === 0) return clock;
  if (days === 1) return `tomorrow ${clock}`;
  if (days === -1) return `yesterday ${clock}`;
  if (days > 0 && days < 7) return `${format(at, { weekday: 'short' })} ${clock}`;
  const sameYear = at.getFullYear() === now.getFullYear();
  return `${format(at, { day: 'numeric', month: 'short', ...(!sameYear && { year: 'numeric' }) })} ${clock}`;
}

/** As `formatDay`, with "today" before the time of today. */
export const formatNamedDay = (at: Date, now: Date): string =>
  daysFrom(now, at) === 0 ? `today ${formatClock(at)}` : formatDay(at, now);

/**
 * "in 45 s", "in 12 min", "in 3 h 10 min, 17:20", "in 23 h 51 min, tomorrow 08:00"; "now" for what has
 * passed.
 */
export function formatUntil(at: Date, now: number): string {
  const distanceMs = at.getTime() - now;
  if (distanceMs <= 0) return 'now';
  const span = `in ${formatSpan(distanceMs)}`;
  return distanceMs < HOUR_MS ? span : `${span}, ${formatDay(at, new Date(now))}`;
}

/** "just now", "45 s ago", "3 min ago", "5 h ago", "yesterday 08:00", "3 May 08:00". */
export function formatAgo(at: Date, now: number): string {
  const passedMs = now - at.getTime();
  if (passedMs < 5_000) return 'just now';
  if (passedMs < MINUTE_MS) return `${Math.floor(passedMs / 1_000)} s ago`;
  if (passedMs < HOUR_MS) return `${Math.floor(passedMs / MINUTE_MS)} min ago`;
  if (passedMs < 12 * HOUR_MS) return `${Math.floor(passedMs / HOUR_MS)} h ago`;
  return formatNamedDay(at, new Date(now));
}

/** A time in words, past or future. */
export const formatRelativeTime = (at: Date, now: number): string =>
  at.getTime() - now > 5_000 ? formatUntil(at, now) : formatAgo(at, now);

/** Weekday, date, time to the second and zone, in the browser's locale and time zone. */
export const formatDateTime = (at: Date): string =>
  format(at, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  });

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
