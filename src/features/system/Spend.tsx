'use client';

import type { SystemSpendView } from '@everbeat/domain';
import Link from 'next/link';
import { ErrorState, Skeleton } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { CapList } from '@/features/spend/CapList';
import { DayChart } from '@/features/spend/DayChart';
import { spendOfEveryDay } from '@/features/spend/days';
import { type SpendRow, SpendRows } from '@/features/spend/SpendRows';
import { spendText } from '@/features/spend/spendText';
import { useSystemSpend } from '@/features/spend/useSystemSpend';

const taskRows = ({ byTask }: SystemSpendView): SpendRow[] =>
  byTask.map(({ taskId, identifier, name, ...spent }) => ({
    ...spent,
    key: taskId ?? 'trials',
    name:
      identifier === null ? (
        taskId === null ? (
          'Agents that were tried'
        ) : (
          'A deleted task'
        )
      ) : (
        <Link href={`/tasks/${identifier}`} className="underline-offset-2 hover:underline">
          <span className="text-muted tabular-nums">{identifier}</span> {name}
        </Link>
      ),
  }));

const modelRows = ({ byModel }: SystemSpendView): SpendRow[] =>
  byModel.map(({ model, isPriced, ...spent }) => ({
    ...spent,
    key: model ?? '',
    name: model ?? 'As agents elsewhere report it',
    ...(!isPriced && spent.spentUsd === 0 && { note: 'price not known' }),
  }));

function Budget({ spend }: { spend: SystemSpendView }) {
  return (
    <div className="space-y-3">
      <CapList caps={spend.caps} />
      <p className="text-sm">
        <Link href="/settings/budget" className="text-accent underline underline-offset-2">
          {spend.caps.length === 0 ? 'Set a cap for everything together' : 'Change the caps'}
        </Link>
      </p>
    </div>
  );
}

/** What this month has cost: by day, by task and by model, and what is left of the caps. */
export function Spend() {
  const { data: spend, isPending, isLoadingError, error, refetch } = useSystemSpend();
  if (isPending) return <Skeleton className="h-40" />;
  if (isLoadingError)
    return <ErrorState title="What was spent could not be loaded" error={error} onRetry={() => refetch()} />;
  const text = spendText(spend, { hasRhythm: true });
  return (
    <section aria-labelledby="spend" className="space-y-4 rounded-2xl border bg-surface p-5">
      <div>
        <h2 id="spend" className="text-lg font-semibold tracking-tight">
          Spend
        </h2>
        <p className="text-sm text-muted tabular-nums">
          {text ?? 'Nothing this month: no agent has called a model or reported a cost.'}
        </p>
      </div>
      <DayChart days={spendOfEveryDay(spend)} />
      <Budget spend={spend} />
      {(spend.byTask.length > 0 || spend.byModel.length > 0) && (
        <div className="grid gap-5 sm:grid-cols-2">
          <SpendRows title="By task" rows={taskRows(spend)} />
          <SpendRows title="By model" rows={modelRows(spend)} />
        </div>
      )}
      {spend.callsSince !== null && (
        <p className="text-[0.8125rem] text-muted">
          The lists count the newest calls alone, those since <RelativeTime at={spend.callsSince} />.
        </p>
      )}
    </section>
  );
}
