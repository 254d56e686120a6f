import { DAY_MS } from './durations';
import { AppError } from './errors';
import { LIMITS } from './limits';
import { clockTimeAt, firstInstantFrom } from './timezones';

/** Days such as `2026-11-28`, both included, and the instants between which they lie. */
export interface SpendRange {
  from: string;
  to: string;
  timezone: string;
  startsAt: Date;
  endsAt: Date;
}

const dayOf = (clockMs: number): string => new Date(clockMs).toISOString().slice(0, 10);

/**
 * The days that are asked for; by default this month, in the zone, until now.
 * @throws AppError `invalid-input` for days that do not exist, in the wrong order, or too many
 */
export function spendRange(
  asked: { from?: string | undefined; to?: string | undefined },
  now: Date,
  timezone: string,
): SpendRange {
  const today = dayOf(clockTimeAt(timezone, now.getTime()));
  const to = asked.to ?? today;
  const from = asked.from ?? `${to.slice(0, 7)}-01`;
  const [fromMs, toMs] = [dayMs(from), dayMs(to)];
  if (fromMs > toMs) throw new AppError('invalid-input', `"from" (${from}) is later than "to" (${to})`);
  if ((toMs - fromMs) / DAY_MS >= LIMITS.spendDaysMax)
    throw new AppError('invalid-input', `Ask for at most ${LIMITS.spendDaysMax} days at once`);
  return {
    from,
    to,
    timezone,
    startsAt: new Date(firstInstantFrom(timezone, fromMs)),
    endsAt: new Date(firstInstantFrom(timezone, toMs + DAY_MS)),
  };
}

/** The begin of the day, as a time on a clock. */
function dayMs(day: string): number {
  const ms = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(ms) || dayOf(ms) !== day)
    throw new AppError('invalid-input', `"${day}" is no day such as 2026-11-28`);
  return ms;
}
