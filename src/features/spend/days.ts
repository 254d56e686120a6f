import type { DaySpend, SpendView } from '@everbeat/domain';
import { everyDay } from '@/lib/days';

/** All days of the range in their order, also those on which nothing was spent. */
export const spendOfEveryDay = ({ from, to, byDay }: Pick<SpendView, 'from' | 'to' | 'byDay'>): DaySpend[] =>
  everyDay({ first: new Date(from), last: new Date(to) }, byDay, (day) => ({
    day,
    spentUsd: 0,
    idleUsd: 0,
    inputTokens: 0,
    outputTokens: 0,
  }));

/** "28 Nov". The day is already that of the zone in which days are counted. */
export const formatDayOfYear = (day: string): string =>
  new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(
    new Date(day),
  );
