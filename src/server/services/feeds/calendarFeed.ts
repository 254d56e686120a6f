import type { ArmedTaskRow } from '@everbeat/database';
import { DAY_MS, LIMITS, toInstant, wakeUpsUntil } from '@everbeat/domain';
import ical, { ICalEventTransparency } from 'ical-generator';

const REFRESH_SECONDS = 900;

/**
 * When the tasks of a user wake next, as a calendar. Every time is an instant in UTC, which each program
 * shows in its own zone; the times of a schedule are computed in the zone of the task, so they are right over
 * changes of the clocks.
 */
export function calendarFeed(
  tasks: readonly ArmedTaskRow[],
  { appUrl, now }: { appUrl: string; now: Date },
): string {
  const calendar = ical({
    name: 'Everbeat',
    description: 'When your tasks wake next',
    ttl: REFRESH_SECONDS,
    prodId: { company: 'Everbeat', product: 'Wake-ups', language: 'EN' },
  });
  const until = new Date(now.getTime() + LIMITS.calendarDays * DAY_MS);
  for (const task of tasks) {
    for (const start of wakeUpsUntil(task, until)) {
      calendar.createEvent({
        id: `${task.id}-${toInstant(start)}`,
        // Not the present: the file is the same until something changes.
        stamp: task.armedAt,
        start,
        summary: onOneLine(`${task.identifier} ${task.name}`),
        url: `${appUrl}/tasks/${task.identifier}`,
        transparency: ICalEventTransparency.TRANSPARENT,
      });
    }
  }
  return calendar.toString();
}

/** The library escapes what has a meaning in the format, but not every kind of line break. */
const onOneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
