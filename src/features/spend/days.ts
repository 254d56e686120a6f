import type { DaySpend, SpendView } from '@everbeat/domain';

const DAY_MS = 86_400_000;

/** All days of the range in their order, also those on which nothing was spent. */
export function everyDay({ from, to, byDay }: Pick<SpendView, 'from' | 'to' | 'byDay'>): DaySpend[] {
  const known = new Map(byDay.map((spend) => [spend.day, spend]));
  const days: DaySpend[] = [];
  for (let at = Date.parse(from); at <= Date.parse(to); at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    days.push(known.get(day) ?? { day, spentUsd: 0, idleUsd: 0, inputTokens: 0, outputTokens: 0 });
  }
  return days;
}

/** "28 Nov". The day is already that of the zone in which days are counted. */
export const formatDayOfYear = (day: string): string =>
  new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
    new Date(day),
  );
