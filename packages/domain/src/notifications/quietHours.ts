import { z } from 'zod';
import { DAY_MS, MINUTE_MS } from '../durations';
import { clockTimeAt, firstInstantFrom } from '../timezones';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is no time of day such as 22:00');

/** From when until when a channel is quiet, by the clocks of the person's zone. It may go over midnight. */
export const quietHoursSchema = z
  .object({
    from: timeOfDay,
    to: timeOfDay,
    /** Whether what waits for the person is sent nevertheless. */
    urgentPasses: z.boolean().default(true),
  })
  .refine(({ from, to }) => from !== to, 'must not begin and end at the same time');
export type QuietHours = z.infer<typeof quietHoursSchema>;

/** When the digest is sent, by the clocks of the person's zone. */
export const DIGEST_TIME = '08:00';

/** The first instant after `after` at which the clocks of the zone show this time of day. */
export function nextTimeOfDay(timezone: string, time: string, after: Date): Date {
  const clockMs = clockTimeAt(timezone, after.getTime());
  const today = Math.floor(clockMs / DAY_MS) * DAY_MS + msOf(time);
  // Where the clocks were set back over it, today's may be past although its clock time is not.
  for (let day = 0; day <= 2; day += 1) {
    const instant = firstInstantFrom(timezone, today + day * DAY_MS);
    if (instant > after.getTime()) return new Date(instant);
  }
  return new Date(after.getTime() + DAY_MS);
}

/** When the quiet hours end in which `now` lies; null: it lies in none. */
export function quietUntil(quiet: QuietHours | null, timezone: string, now: Date): Date | null {
  if (quiet === null) return null;
  const clock = clockTimeAt(timezone, now.getTime());
  const time = clock - Math.floor(clock / DAY_MS) * DAY_MS;
  const [from, to] = [msOf(quiet.from), msOf(quiet.to)];
  const isQuiet = from < to ? time >= from && time < to : time >= from || time < to;
  return isQuiet ? nextTimeOfDay(timezone, quiet.to, now) : null;
}

function msOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes) * MINUTE_MS;
}
