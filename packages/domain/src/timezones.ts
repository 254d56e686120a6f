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
