'use client';

import { LIMITS } from '@everbeat/domain';
import { useQuery } from '@tanstack/react-query';
import { ErrorState, Skeleton } from '@/components/ui/states';
import { useTRPC } from '@/lib/trpc/client';
import { DayBars, runsOfEveryDay } from './DayBars';
import { formatCount } from './formatCount';
import { Counts, failureRows, Lateness, Outcomes } from './LastDay';

/** It changes slowly, and is read with each visit. */
const REFRESH_MS = 300_000;

/** How the runs of the last 30 days ended, by day. */
export function LastDays() {
  const trpc = useTRPC();
  const query = trpc.system.recentDays.queryOptions(undefined, { staleTime: REFRESH_MS });
  const { data: runs, isPending, isLoadingError, error, refetch } = useQuery(query);
  if (isPending) return <Skeleton className="h-40" />;
  if (isLoadingError)
    return <ErrorState title="The last days could not be loaded" error={error} onRetry={() => refetch()} />;
  if (runs.total === 0) return null;
  return (
    <section aria-labelledby="last-days" className="space-y-4 rounded-2xl border bg-surface p-5">
      <div>
        <h2 id="last-days" className="text-lg font-semibold tracking-tight">
          {runs.total >= LIMITS.keptRunsCountedMax && 'At least '}
          {formatCount(runs.total)} {runs.total === 1 ? 'run' : 'runs'} in {LIMITS.recentDays} days
        </h2>
        <p className="text-sm text-muted">Days are counted in UTC.</p>
      </div>
      <DayBars days={runsOfEveryDay(runs, LIMITS.recentDays)} />
      <Outcomes outcomes={runs.outcomes} />
      <Lateness runs={runs} />
      <Counts title="Why runs failed" rows={failureRows(runs)} />
    </section>
  );
}
