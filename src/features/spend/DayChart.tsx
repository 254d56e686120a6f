import type { DaySpend } from '@everbeat/domain';
import { formatTokens, formatUsd } from '@/lib/format/money';
import { formatDayOfYear } from './days';

const HEIGHT = 64;
const STEP = 12;
const BAR = 9;
/** So that a day on which little was spent can be seen. */
const LEAST_HEIGHT = 2;

function Bar({ spend, place, most }: { spend: DaySpend; place: number; most: number }) {
  const { day, spentUsd, idleUsd } = spend;
  const heightOf = (usd: number): number => (usd === 0 ? 0 : Math.max(LEAST_HEIGHT, (usd / most) * HEIGHT));
  const whole = heightOf(spentUsd);
  const idle = Math.min(whole, heightOf(idleUsd));
  const x = place * STEP;
  return (
    <g>
      <title>{dayText(spend)}</title>
      {/* The whole column answers to the pointer. */}
      <rect x={x} y={0} width={STEP} height={HEIGHT} fill="transparent" />
      <rect x={x} y={HEIGHT - whole} width={BAR} height={whole} rx={1.5} fill="var(--color-accent)" />
      {idle > 0 && (
        <rect
          key={day}
          x={x}
          y={HEIGHT - idle}
          width={BAR}
          height={idle}
          rx={1.5}
          fill="var(--color-line-strong)"
        />
      )}
    </g>
  );
}

function dayText({ day, spentUsd, idleUsd }: DaySpend): string {
  const idle = idleUsd > 0 ? `, of it ${formatUsd(idleUsd)} on runs without news` : '';
  return `${formatDayOfYear(day)}: ${formatUsd(spentUsd)}${idle}`;
}

function summaryOf(days: readonly DaySpend[], most: DaySpend): string {
  const spent = days.filter(({ spentUsd }) => spentUsd > 0).length;
  return `Spend by day: ${spent} of ${days.length} days with costs, most on ${dayText(most)}`;
}

/** What each day has cost, as bars, and as a table for whoever wants the figures. */
export function DayChart({ days }: { days: readonly DaySpend[] }) {
  const [first] = days;
  const last = days.at(-1);
  if (first === undefined || last === undefined) return null;
  const most = days.reduce((top, day) => (day.spentUsd > top.spentUsd ? day : top), first);
  if (most.spentUsd === 0) return null;
  const width = Math.max(days.length, 14) * STEP;
  const hasIdle = days.some(({ idleUsd }) => idleUsd > 0);
  return (
    <figure className="space-y-2">
      <div className="squared-paper rounded-xl border px-3 pt-2">
        <p className="text-xs text-muted tabular-nums">{formatUsd(most.spentUsd)}</p>
        <svg
          role="img"
          aria-label={summaryOf(days, most)}
          viewBox={`0 0 ${width} ${HEIGHT}`}
          preserveAspectRatio="none"
          className="block h-16 w-full"
        >
          {days.map((spend, place) => (
            <Bar key={spend.day} spend={spend} place={place} most={most.spentUsd} />
          ))}
        </svg>
      </div>
      <figcaption className="flex flex-wrap justify-between gap-x-4 gap-y-1 text-xs text-muted tabular-nums">
        <span>
          {formatDayOfYear(first.day)} to {formatDayOfYear(last.day)}
        </span>
        {hasIdle && (
          <span className="flex gap-4">
            <Key colour="bg-accent">with news</Key>
            <Key colour="bg-line-strong">without news</Key>
          </span>
        )}
      </figcaption>
      <details className="text-sm">
        <summary className="w-fit rounded-md text-xs text-muted">As a table</summary>
        <DayTable days={days.filter(({ spentUsd, inputTokens }) => spentUsd > 0 || inputTokens > 0)} />
      </details>
    </figure>
  );
}

function Key({ colour, children }: { colour: string; children: string }) {
  return (
    <span className="flex items-center gap-1.5">
      <span aria-hidden className={`size-2 rounded-full ${colour}`} />
      {children}
    </span>
  );
}

function DayTable({ days }: { days: readonly DaySpend[] }) {
  return (
    <table className="mt-2 w-full text-left text-[0.8125rem] tabular-nums">
      <thead className="text-muted">
        <tr>
          <th className="py-1 pr-3 font-normal">Day</th>
          <th className="py-1 pr-3 text-right font-normal">Spent</th>
          <th className="py-1 pr-3 text-right font-normal">Without news</th>
          <th className="py-1 text-right font-normal">In and out</th>
        </tr>
      </thead>
      <tbody className="divide-y">
        {days.toReversed().map(({ day, spentUsd, idleUsd, inputTokens, outputTokens }) => (
          <tr key={day}>
            <th scope="row" className="py-1 pr-3 font-normal">
              {formatDayOfYear(day)}
            </th>
            <td className="py-1 pr-3 text-right">{formatUsd(spentUsd)}</td>
            <td className="py-1 pr-3 text-right">{formatUsd(idleUsd)}</td>
            <td className="py-1 text-right">{formatTokens(inputTokens + outputTokens)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
