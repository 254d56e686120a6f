'use client';

import type { FailureClass, OperationStatus, RecentRunsView } from '@everbeat/domain';
import { RelativeTime } from '@/components/ui/time';
import { cn } from '@/lib/cn';
import { formatMilliseconds } from '@/lib/format/duration';
import { labelOf } from '@/lib/labelOf';
import { SKIP_LABELS } from '@/lib/skipLabels';
import { formatCount } from './formatCount';

const OUTCOMES: Record<OperationStatus, { label: string; bar: string }> = {
  done: { label: 'done', bar: 'bg-accent' },
  running: { label: 'running', bar: 'bg-info' },
  waiting: { label: 'waiting for you', bar: 'bg-warn' },
  interrupted: { label: 'stopped', bar: 'bg-line-strong' },
  budget: { label: 'out of budget', bar: 'bg-warn' },
  timeout: { label: 'timed out', bar: 'bg-warn' },
  error: { label: 'failed', bar: 'bg-danger' },
};

const CLASS_LABELS: Record<FailureClass, string> = {
  agent: 'the agent failed',
  transient: 'a server did not answer',
  'rate-limit': 'a limit was reached',
  'needs-person': 'a person must act',
  lost: 'the server stopped while it ran',
};

interface CountRow {
  text: string;
  count: number;
  isCode?: boolean;
  note?: string;
}

function present(outcomes: RecentRunsView['outcomes']) {
  return Object.entries(OUTCOMES).flatMap(([status, look]) => {
    const count = new Map(Object.entries(outcomes)).get(status) ?? 0;
    return count === 0 ? [] : [{ status, count, ...look }];
  });
}

export function Outcomes({ outcomes }: Pick<RecentRunsView, 'outcomes'>) {
  const parts = present(outcomes);
  return (
    <div className="space-y-2">
      <div aria-hidden className="flex h-2.5 gap-px overflow-hidden rounded-full">
        {parts.map(({ status, count, bar }) => (
          <span key={status} className={cn('min-w-1', bar)} style={{ flexGrow: count }} />
        ))}
      </div>
      <ul className="flex flex-wrap gap-x-5 gap-y-1 text-sm tabular-nums">
        {parts.map(({ status, count, label, bar }) => (
          <li key={status} className="flex items-center gap-2">
            <span aria-hidden className={cn('size-2 rounded-full', bar)} />
            {formatCount(count)} {label}
          </li>
        ))}
      </ul>
    </div>
  );
}

export function Counts({ title, rows }: { title: string; rows: CountRow[] }) {
  if (rows.length === 0) return null;
  return (
    <div>
      <h3 className="text-sm text-muted">{title}</h3>
      <ul className="mt-1 divide-y">
        {rows.map(({ text, count, isCode = false, note }) => (
          <li key={`${text} ${note}`} className="flex justify-between gap-4 py-1.5 text-sm">
            <span className={cn('min-w-0 break-words', isCode && 'font-mono text-[0.8125rem]')}>
              {text}
              {note !== undefined && <span className="block font-sans text-muted">{note}</span>}
            </span>
            <span className="tabular-nums">{formatCount(count)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function headingOf(total: number): string {
  if (total === 0) return 'No run in the last 24 hours';
  return total === 1 ? '1 run' : `${formatCount(total)} runs`;
}

type Late = Pick<RecentRunsView, 'total' | 'lateP50Ms' | 'lateP95Ms'>;

export function Lateness({ runs: { total, lateP50Ms, lateP95Ms } }: { runs: Late }) {
  if (lateP50Ms === null || lateP95Ms === null) return null;
  return (
    <p className="text-sm tabular-nums">
      {total === 1
        ? `It began ${formatMilliseconds(lateP50Ms)} after its time.`
        : `Half of them began within ${formatMilliseconds(lateP50Ms)} of their time, 95 % within ${formatMilliseconds(lateP95Ms)}.`}
    </p>
  );
}

export const failureRows = ({ failures }: Pick<RecentRunsView, 'failures'>): CountRow[] =>
  failures.map(({ failureClass, code, count }) => ({
    text: code,
    count,
    isCode: true,
    note: CLASS_LABELS[failureClass ?? 'agent'],
  }));

/** How the runs of the last day ended, how late they began, and which did not begin. */
export function LastDay({ runs }: { runs: RecentRunsView }) {
  const failures = failureRows(runs);
  const skips = Object.entries(runs.skips)
    .map(([reason, count]) => ({ text: labelOf(SKIP_LABELS, reason) ?? reason, count }))
    .sort((a, b) => b.count - a.count);
  return (
    <section aria-labelledby="last-day" className="space-y-4 rounded-2xl border bg-surface p-5">
      <div>
        <h2 id="last-day" className="text-lg font-semibold tracking-tight">
          {headingOf(runs.total)}
        </h2>
        {runs.total > 0 && (
          <p className="text-sm text-muted">
            since <RelativeTime at={runs.since} />
          </p>
        )}
      </div>
      {runs.total > 0 && <Outcomes outcomes={runs.outcomes} />}
      <Lateness runs={runs} />
      {(failures.length > 0 || skips.length > 0) && (
        <div className={cn('grid gap-5', failures.length > 0 && skips.length > 0 && 'sm:grid-cols-2')}>
          <Counts title="Why runs failed" rows={failures} />
          <Counts title="Why scheduled runs did not start" rows={skips} />
        </div>
      )}
    </section>
  );
}
