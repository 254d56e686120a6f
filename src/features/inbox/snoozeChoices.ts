import { formatDay } from '@/lib/format/time';

export interface SnoozeChoice {
  label: string;
  /** When the briefs come back; `changes`: with the next news of the same kind. */
  until: Date | 'changes';
  /** What stands beside the label: "20:00", "Mon 08:00". Empty for no time. */
  at: string;
}

const EVENING_HOUR = 19;
const MORNING_HOUR = 8;
const HOUR_MS = 3_600_000;
const MONDAY = 1;

/** An hour of the day so many days after this one, in the time zone of the browser. */
const onDay = (now: Date, days: number, hour: number): Date =>
  new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour);

/**
 * The times that a brief can be snoozed to. This evening is left out once it is near, and no time stands
 * twice.
 */
export function snoozeChoices(now: Date): SnoozeChoice[] {
  const inAnHour = new Date(now.getTime() + HOUR_MS);
  const evening = onDay(now, 0, EVENING_HOUR);
  const tomorrow = onDay(now, 1, MORNING_HOUR);
  const monday = onDay(now, (MONDAY + 7 - now.getDay()) % 7 || 7, MORNING_HOUR);
  const times: [string, Date][] = [
    ['1 hour', inAnHour],
    ...(evening > inAnHour ? [['Tonight', evening] satisfies [string, Date]] : []),
    ['Tomorrow', tomorrow],
    ...(monday > tomorrow ? [['Next Monday', monday] satisfies [string, Date]] : []),
  ];
  return [
    ...times.map(([label, until]) => ({ label, until, at: formatDay(until, now) })),
    { label: 'Until it changes', until: 'changes', at: '' },
  ];
}
