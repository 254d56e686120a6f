const DAY_MS = 86_400_000;

/** All days in UTC from one to another, in their order. `none` makes those that are not in `byDay`. */
export function everyDay<Day extends { day: string }>(
  { first, last }: { first: Date; last: Date },
  byDay: readonly Day[],
  none: (day: string) => Day,
): Day[] {
  const known = new Map(byDay.map((each) => [each.day, each]));
  const days: Day[] = [];
  for (let at = first.getTime(); at <= last.getTime(); at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    days.push(known.get(day) ?? none(day));
  }
  return days;
}
