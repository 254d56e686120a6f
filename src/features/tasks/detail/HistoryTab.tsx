'use client';

import { LIMITS, type TaskDetailView, type TickView } from '@everbeat/domain';
import { LoadMore } from '@/components/ui/loadMore';
import { ErrorState } from '@/components/ui/states';
import { LocalText, RelativeTime } from '@/components/ui/time';
import { cn } from '@/lib/cn';
import { formatDate } from '@/lib/format/time';
import { useTRPC } from '@/lib/trpc/client';
import { byCursor } from '@/lib/trpc/paging';
import { useAtTime } from '@/lib/useNow';
import { ActivityChanges } from './ActivityChanges';
import { activityLine } from './activityLabels';
import { type LedgerLine, ledgerLine } from './ledgerLabels';
import { OLDER_PAGE_SIZE, useOlderRows } from './useOlderRows';

const DAY_MS = 86_400_000;

const DOTS: Record<LedgerLine['tone'], string> = {
  good: 'bg-accent',
  failed: 'bg-danger',
  quiet: 'bg-line-strong',
  waiting: 'border-2 border-accent',
};

function Tick({ task, tick }: { task: TaskDetailView; tick: TickView }) {
  const { tone } = ledgerLine(tick, task);
  return (
    <li className="flex items-start gap-3 py-2.5">
      <span aria-hidden className={cn('mt-1.5 size-2.5 shrink-0 rounded-full', DOTS[tone])} />
      <div className="min-w-0 flex-1 text-sm tabular-nums">
        <p>
          <LocalText read={() => ledgerLine(tick, task).text} />
        </p>
        <p className="text-[0.8125rem] text-muted">
          {tick.endedAt !== null && 'was '}due <RelativeTime at={tick.dueAt} />
          {tick.publications > 1 && ` · handed to the scheduler ${tick.publications} times`}
        </p>
      </div>
      {tick.endedAt !== null && (
        <RelativeTime at={tick.endedAt} className="shrink-0 text-[0.8125rem] text-muted" />
      )}
    </li>
  );
}

/** At the end of a list: what was removed of it. */
function Removed({ task }: { task: TaskDetailView }) {
  const oldest = useAtTime((now) => {
    const keptFrom = now - LIMITS.keptHistoryDays * DAY_MS;
    return task.createdAt.getTime() < keptFrom ? formatDate(new Date(keptFrom)) : null;
  });
  if (oldest === null) return null;
  return (
    <p className="mt-2 text-sm text-muted">
      What is older than {LIMITS.keptHistoryDays} days, before {oldest}, was removed.
    </p>
  );
}

function Ledger({ task }: { task: TaskDetailView }) {
  const trpc = useTRPC();
  const ticks = useOlderRows(
    task.ticks,
    task.hasOlderTicks,
    trpc.task.ticks.infiniteQueryOptions({ id: task.id, limit: OLDER_PAGE_SIZE }, byCursor),
  );
  return (
    <section aria-labelledby="ledger">
      <h3 id="ledger" className="font-semibold">
        Scheduled runs
      </h3>
      {ticks.rows.length === 0 && <p className="mt-1 text-sm text-muted">No run has been scheduled yet.</p>}
      <ol className="mt-1 divide-y">
        {ticks.rows.map((tick) => (
          <Tick key={tick.token} task={task} tick={tick} />
        ))}
      </ol>
      {ticks.error !== null && (
        <ErrorState title="The older entries could not be loaded" error={ticks.error} onRetry={ticks.retry} />
      )}
      <LoadMore query={ticks.older} which="older" what="entries" />
      {!ticks.older.hasNextPage && <Removed task={task} />}
    </section>
  );
}

function Activity({ task }: { task: TaskDetailView }) {
  const trpc = useTRPC();
  const activities = useOlderRows(
    task.activities,
    task.hasOlderActivities,
    trpc.task.activities.infiniteQueryOptions({ id: task.id, limit: OLDER_PAGE_SIZE }, byCursor),
  );
  const lines = activities.rows.flatMap((activity) => {
    const text = activityLine(activity);
    return text === null ? [] : [{ ...activity, text }];
  });
  return (
    <section aria-labelledby="activity">
      <h3 id="activity" className="font-semibold">
        Changes
      </h3>
      {lines.length === 0 && <p className="mt-1 text-sm text-muted">Nothing yet.</p>}
      <ol className="mt-1 divide-y">
        {lines.map(({ id, text, createdAt, changes }) => (
          <li key={id} className="flex items-start justify-between gap-4 py-2.5 text-sm">
            <div className="min-w-0">
              {text}
              {changes !== null && <ActivityChanges changes={changes} />}
            </div>
            <RelativeTime at={createdAt} className="shrink-0 text-[0.8125rem] text-muted" />
          </li>
        ))}
      </ol>
      {activities.error !== null && (
        <ErrorState
          title="The older changes could not be loaded"
          error={activities.error}
          onRetry={activities.retry}
        />
      )}
      <LoadMore query={activities.older} which="older" what="changes" />
      {!activities.older.hasNextPage && <Removed task={task} />}
    </section>
  );
}

export function HistoryTab({ task }: { task: TaskDetailView }) {
  return (
    <div className="grid gap-8 md:grid-cols-2">
      <Ledger task={task} />
      <Activity task={task} />
    </div>
  );
}
