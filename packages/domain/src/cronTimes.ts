import { Cron, CronPattern } from 'croner';
import { explainRefusal } from './cronRefusal';
import { DAY_MS } from './durations';
import { AppError } from './errors';
import { clockTimeAt, firstInstantFrom, instantsOf, offsetAt } from './timezones';

/** A pattern that is ready to be asked for its times, on clocks that are never changed. */
interface ParsedPattern {
  /** The first time on the clock strictly after this one, each as the same date and time in UTC. */
  nextClockTime(clockMs: number): number | null;
  /** Whether the hour field allows all 24 hours. Such a pattern goes by elapsed time. */
  isEveryHour: boolean;
}

/** Parsing costs more than the rest of a decision. One entry holds about 80 kB. */
const parsedPatterns = new Map<string, ParsedPattern>();
const PARSED_PATTERNS_MAX = 64;

/**
 * Five fields, so one minute is the finest step, as in QStash. Nicknames such as `@daily` are accepted.
 * `Cron` would also accept a single date; `CronPattern` does not.
 * @throws AppError `pattern-invalid`
 */
function parsePattern(pattern: string): ParsedPattern {
  const known = parsedPatterns.get(pattern);
  if (known !== undefined) return known;
  const parsed = parse(pattern);
  const [oldest] = parsedPatterns.keys();
  if (oldest !== undefined && parsedPatterns.size >= PARSED_PATTERNS_MAX) parsedPatterns.delete(oldest);
  parsedPatterns.set(pattern, parsed);
  return parsed;
}

function parse(pattern: string): ParsedPattern {
  try {
    const { hour } = new CronPattern(pattern, undefined, { mode: '5-part' });
    const cron = new Cron(pattern, { utcOffset: 0, mode: '5-part', paused: true });
    return {
      nextClockTime: (clockMs) => cron.nextRun(new Date(clockMs))?.getTime() ?? null,
      isEveryHour: hour.every(Boolean),
    };
  } catch (cause) {
    throw new AppError(
      'pattern-invalid',
      `"${pattern}" is not a cron pattern: ${explainRefusal(pattern, isPattern)}`,
      { cause },
    );
  }
}

function isPattern(pattern: string): boolean {
  try {
    new CronPattern(pattern, undefined, { mode: '5-part' });
    return true;
  } catch {
    return false;
  }
}

/**
 * The first instant strictly after `after` at which the pattern is due in a zone, or null when it never is
 * again. A pattern that names its hours gives times on the clock, each of which is due once: at its first
 * occurrence when clocks are set back over it, and right after the change when they are set forward over it.
 * A pattern of every hour goes by elapsed time: it is due whenever the clock shows one of its times.
 * @throws AppError `pattern-invalid`; RangeError when JavaScript does not know the zone
 */
export function cronTimeAfter(pattern: string, timezone: string, after: Date): Date | null {
  const { nextClockTime, isEveryHour } = parsePattern(pattern);
  const afterMs = after.getTime();
  // Before clocks are set back, times that they show already, and will show again, are still to come.
  const setBack = Math.max(0, offsetAt(timezone, afterMs) - offsetAt(timezone, afterMs + DAY_MS));
  const from = clockTimeAt(timezone, afterMs) - setBack;
  let next = Number.POSITIVE_INFINITY;
  for (let time = nextClockTime(from); time !== null; time = nextClockTime(time)) {
    const earliest = firstInstantFrom(timezone, time);
    const due = isEveryHour ? instantsOf(timezone, time) : [earliest];
    next = Math.min(next, ...due.filter((instant) => instant > afterMs));
    // The clock shows later times at the same instant or later.
    if (next <= earliest) return new Date(next);
  }
  return null;
}
