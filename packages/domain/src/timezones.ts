import { DAY_MS, MINUTE_MS } from './durations';
import { AppError } from './errors';

/**
 * The IANA names without a slash. JavaScript also knows abbreviations that are no IANA names and that mean
 * different zones to different people: its `BST` is Dhaka, its `IST` Kolkata, its `CST` Chicago.
 */
const NAMES_WITHOUT_SLASH = new Set(
  `cet cst6cdt cuba eet egypt eire est est5edt gb gb-eire gmt gmt+0 gmt-0 gmt0 greenwich hongkong hst iceland
  iran israel jamaica japan kwajalein libya met mst mst7mdt navajo nz nz-chat poland portugal prc pst8pdt roc
  rok singapore turkey uct universal utc w-su wet zulu`.split(/\s+/),
);

/** By lower-case name, because names are not case-sensitive. Holds existing zones only, so it stays small. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** @throws RangeError if JavaScript does not know the zone */
function formatOf(timezone: string): Intl.DateTimeFormat {
  const name = timezone.toLowerCase();
  const known = formats.get(name);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  formats.set(name, format);
  return format;
}

/** Whether JavaScript can compute with this zone, whatever its name: rows of older versions may hold any. */
export function isKnownTimezone(timezone: string): boolean {
  try {
    formatOf(timezone);
    return true;
  } catch {
    return false;
  }
}

/** Whether this is an IANA name, which old aliases such as `US/Pacific` are too. */
export function isTimezone(timezone: string): boolean {
  const name = timezone.toLowerCase();
  const isIanaName = /^(?!systemv)[a-z_]+\//.test(name) || NAMES_WITHOUT_SLASH.has(name);
  return isIanaName && isKnownTimezone(timezone);
}

/** @throws AppError `timezone-unknown` */
export function assertTimezone(timezone: string): void {
  if (isTimezone(timezone)) return;
  const why = isKnownTimezone(timezone) ? '; an abbreviation or an offset is not enough' : '';
  throw new AppError(
    'timezone-unknown',
    `"${timezone}" is not an IANA time zone such as Europe/London, Asia/Kolkata or UTC${why}`,
  );
}

/** How far the clocks of the zone are ahead of UTC at this instant, in ms. */
export function offsetAt(timezone: string, instantMs: number): number {
  const text = formatOf(timezone).format(instantMs);
  const [, sign, hours, minutes, seconds] = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
  const offset = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MINUTE_MS + Number(seconds ?? 0) * 1_000;
  return sign === '-' ? -offset : offset;
}

/** What the clocks of the zone show, as the ms of the same date and time in UTC. */
export const clockTimeAt = (timezone: string, instantMs: number): number =>
  instantMs + offsetAt(timezone, instantMs);

/**
 * The instants at which the clocks of the zone show this time, earliest first: one, two when they are set
 * back over it, none when they are set forward over it.
 */
export function instantsOf(timezone: string, clockMs: number): number[] {
  const [before, after] = offsetsAround(timezone, clockMs);
  const offsets = before === after ? [before] : [before, after];
  return offsets
    .filter((offset) => offsetAt(timezone, clockMs - offset) === offset)
    .map((offset) => clockMs - offset);
}

/** The first instant at which the clocks of the zone show this time or a later one. */
export function firstInstantFrom(timezone: string, clockMs: number): number {
  const [before, after] = offsetsAround(timezone, clockMs);
  const [first] = instantsOf(timezone, clockMs);
  return first ?? changeBetween(timezone, clockMs - after, clockMs - before);
}

/** The zone's offsets a day before and a day after. Both are at most 14 hours, and changes are days apart. */
const offsetsAround = (timezone: string, clockMs: number) =>
  [offsetAt(timezone, clockMs - DAY_MS), offsetAt(timezone, clockMs + DAY_MS)] as const;

/** The first whole minute after `beforeMs`, and at most `afterMs`, at which the zone has its later offset. */
function changeBetween(timezone: string, beforeMs: number, afterMs: number): number {
  const offset = offsetAt(timezone, afterMs);
  let before = Math.floor(beforeMs / MINUTE_MS);
  let after = Math.ceil(afterMs / MINUTE_MS);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(timezone, middle * MINUTE_MS) === offset) after = middle;
    else before = middle;
  }
  return after * MINUTE_MS;
}

/**
 * An instant as a person of the zone reads it: "Mon 30 Nov, 14:05 CET". @throws RangeError for an unknown
 * zone
 */
export const timeInZone = (timezone: string, at: Date): string =>
  new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: timezone,
    timeZoneName: 'short',
  }).format(at);
