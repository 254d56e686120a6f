import type { RecentDaysView } from '@everbeat/domain';
import { formatDayOfYear } from '@/features/spend/days';
import { everyDay } from '@/lib/days';

type Day = RecentDaysView['byDay'][number];

const DAY_MS = 86_400_000;
const HEIGHT = 56;
const STEP = 12;
const BAR = 9;
/** So that a few failures among many runs can be seen. */
const LEAST_HEIGHT = 2;

const COLOURS = {
  failed: 'var(--color-danger)',
  other: 'var(--color-warn)',
  done: 'var(--color-accent)',
} as const;
const PARTS = ['failed', 'other', 'done'] as const;

const totalOf = ({ done, failed, other }: Day): number => done + failed + other;

/** All days of the range in their order, also those without runs. `count`: how many there are. */
export function runsOfEveryDay(
  { since, byDay }: Pick<RecentDaysView, 'since' | 'byDay'>,
  count: number,
): Day[] {
  const last = new Date(since.getTime() + (count - 1) * DAY_MS);
  return everyDay({ first: since, last }, byDay, (day) => ({ day, done: 0, failed: 0, other: 0 }));
}

function dayText(day: Day): string {
  const { failed } = day;
  const total = totalOf(day);
  return `${formatDayOfYear(day.day)}: ${total} ${total === 1 ? 'run' : 'runs'}${failed > 0 ? `, ${failed} failed` : ''}`;
}

function Bar({ day, place, most }: { day: Day; place: number; most: number }) {
  let top = HEIGHT;
  return (
    <g>
      <title>{dayText(day)}</title>
      {/* The whole column answers to the pointer. */}
      <rect x={place * STEP} y={0} width={STEP} height={HEIGHT} fill="transparent" />
      {PARTS.map((part) => {
        const height =
          day[part] === 0 ? 0 : Math.max(LEAST_HEIGHT, (day[part] / most) * (HEIGHT - 2 * LEAST_HEIGHT));
        top -= height;
        return <rect key={part} x={place * STEP} y={top} width={BAR} height={height} fill={COLOURS[part]} />;
      })}
    </g>
  );
}

/** How many runs each day had, and how many of them failed. */
export function DayBars({ days }: { days: readonly Day[] }) {
  const most = Math.max(1, ...days.map(totalOf));
  const [first] = days;
  const last = days.at(-1);
  if (first === undefined || last === undefined) return null;
  const failing = days.filter(({ failed }) => failed > 0);
  return (
    <figure className="space-y-1.5">
      <svg
        role="img"
        aria-label={`Runs by day: ${failing.length === 0 ? 'none failed' : `failures on ${failing.length} of ${days.length} days`}`}
        viewBox={`0 0 ${days.length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="squared-paper block h-14 w-full rounded-lg"
      >
        {days.map((day, place) => (
          <Bar key={day.day} day={day} place={place} most={most} />
        ))}
      </svg>
      <figcaption className="flex justify-between text-xs text-muted tabular-nums">
        <span>{formatDayOfYear(first.day)}</span>
        <span>{formatDayOfYear(last.day)}</span>
      </figcaption>
    </figure>
  );
}
