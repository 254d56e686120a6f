'use client';

import type { TaskDetailView } from '@everbeat/domain';
import { useQuery } from '@tanstack/react-query';
import { Coins } from 'lucide-react';
import Link from 'next/link';
import { CapList } from '@/features/spend/CapList';
import { DayChart } from '@/features/spend/DayChart';
import { spendOfEveryDay } from '@/features/spend/days';
import { perRunText, spendText, unpricedText } from '@/features/spend/spendText';
import { useTRPC } from '@/lib/trpc/client';

/** Where the price of a model is set. Null: the agent does not say which one it calls. */
const priceUrl = (model: string | null): string =>
  model === null ? '/settings/models' : `/settings/models?${new URLSearchParams({ price: model })}`;

/**
 * What the task costs, in a sentence, with its days and its budget folded away. Nothing for a task that costs
 * nothing.
 */
export function TaskSpend({ task }: { task: TaskDetailView }) {
  const trpc = useTRPC();
  // A watch costs nothing, unless an agent did that the task had before.
  const { data: spend } = useQuery(trpc.task.spend.queryOptions({ id: task.id }));
  if (spend === undefined) return null;
  const text = spendText(spend, { hasRhythm: task.automationMode !== null });
  const unpriced = unpricedText(spend);
  if (text === null && spend.caps.length === 0) return null;
  return (
    <details className="group rounded-2xl border bg-surface px-4 py-3 sm:px-5">
      <summary className="flex list-none items-start gap-2.5 rounded-md text-sm [&::-webkit-details-marker]:hidden">
        <Coins aria-hidden className="mt-0.5 size-4 shrink-0 text-muted" />
        <span className="min-w-0 flex-1 tabular-nums">
          {text ?? 'Nothing spent this month'}
          {unpriced !== null && <span className="block text-warn">{unpriced}</span>}
        </span>
        <span className="text-[0.8125rem] text-accent underline underline-offset-2">
          <span className="group-open:hidden">Details</span>
          <span className="hidden group-open:inline">Less</span>
        </span>
      </summary>
      <div className="space-y-4 pt-4 pb-1">
        {unpriced !== null && (
          <Link
            href={priceUrl(spend.lastCall?.model ?? null)}
            className="text-sm text-accent underline underline-offset-2"
          >
            Set the price
          </Link>
        )}
        <DayChart days={spendOfEveryDay(spend)} />
        <CapList caps={spend.caps} />
        <p className="text-[0.8125rem] text-muted tabular-nums">
          {perRunText(spend)}
          {task.subtasks.length > 0 && 'With its subtasks. '}A run is without news when it left no brief, no
          comment, no subtask and no version of a document.
        </p>
      </div>
    </details>
  );
}
