import { BUDGET_WARNING_SHARE, type CapView } from '@everbeat/domain';
import { cn } from '@/lib/cn';
import { formatTokens, formatUsd } from '@/lib/format/money';
import { formatDate } from '@/lib/format/time';

const IN_PERIOD: Record<CapView['cap'], string> = {
  perRunUsd: 'a run',
  perDayUsd: 'today',
  perMonthUsd: 'this month',
  totalUsd: 'in all',
  perDayTokens: 'today',
};

function Cap({ use: { cap, limit, spent, reserved, renewsAt } }: { use: CapView }) {
  const format = cap === 'perDayTokens' ? formatTokens : formatUsd;
  const used = spent + reserved;
  const share = limit === 0 ? 1 : Math.min(1, used / limit);
  const left = Math.max(0, limit - used);
  return (
    <li className="space-y-1">
      <p className="flex flex-wrap justify-between gap-x-4 text-[0.8125rem] tabular-nums">
        <span>
          {format(used)} of {format(limit)} {IN_PERIOD[cap]}
        </span>
        <span className="text-muted">
          {left === 0 ? 'nothing left' : `${format(left)} left`}
          {renewsAt !== null && `, anew on ${formatDate(renewsAt)}`}
        </span>
      </p>
      <div aria-hidden className="h-1.5 overflow-hidden rounded-full bg-sunken">
        <div
          className={cn('h-full rounded-full', share >= BUDGET_WARNING_SHARE ? 'bg-warn' : 'bg-accent')}
          style={{ width: `${share * 100}%` }}
        />
      </div>
    </li>
  );
}

/** The caps, and what is left of each. */
export function CapList({ caps }: { caps: readonly CapView[] }) {
  if (caps.length === 0) return null;
  return (
    <ul aria-label="Budget" className="grid gap-x-8 gap-y-3 sm:grid-cols-2">
      {caps.map((use) => (
        <Cap key={use.cap} use={use} />
      ))}
    </ul>
  );
}
