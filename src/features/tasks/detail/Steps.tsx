'use client';

import type { StepView } from '@everbeat/domain';
import { useQuery } from '@tanstack/react-query';
import { Sparkles, Wrench } from 'lucide-react';
import { LabelBadge } from '@/components/ui/badge';
import { formatMilliseconds } from '@/lib/format/duration';
import { useTRPC } from '@/lib/trpc/client';
import { costText, STEP_LABELS } from './stepLabels';

function Step({ step }: { step: StepView }) {
  const { kind, name, status, startedAt, endedAt } = step;
  const Icon = kind === 'model' ? Sparkles : Wrench;
  const cost = costText(step);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1.5 text-[0.8125rem] tabular-nums">
      <Icon aria-hidden className="size-4 shrink-0 text-muted" />
      <span className="min-w-0 flex-1 basis-40 truncate">
        <span className="sr-only">{kind === 'model' ? 'Model ' : 'Tool '}</span>
        <span className="font-mono">{name}</span>
      </span>
      {cost !== null && <span className="text-muted">{cost}</span>}
      {endedAt !== null && (
        <span className="text-muted">{formatMilliseconds(endedAt.getTime() - startedAt.getTime())}</span>
      )}
      <LabelBadge {...STEP_LABELS[status]} beats={status === 'started'} />
    </li>
  );
}

/** The calls of the model and of tools in a run, where its agent keeps them. */
export function Steps({ topicId }: { topicId: string }) {
  const trpc = useTRPC();
  const { data: steps = [] } = useQuery(trpc.task.steps.queryOptions({ topicId }));
  if (steps.length === 0) return null;
  return (
    <details className="border-t pt-3">
      <summary className="w-fit cursor-pointer rounded-md text-sm font-medium text-muted hover:text-ink">
        {steps.length === 1 ? '1 step' : `${steps.length} steps`}
      </summary>
      <ol className="mt-2 divide-y">
        {steps.map((step) => (
          <Step key={`${step.occurrence} ${step.startedAt.getTime()}`} step={step} />
        ))}
      </ol>
    </details>
  );
}
