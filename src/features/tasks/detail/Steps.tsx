'use client';

import type { StepView } from '@everbeat/domain';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Sparkles, Wrench } from 'lucide-react';
import { useState } from 'react';
import { LabelBadge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { LoadMore } from '@/components/ui/loadMore';
import { ErrorState } from '@/components/ui/states';
import { formatMilliseconds } from '@/lib/format/duration';
import { formatDateTime } from '@/lib/format/time';
import { useTRPC } from '@/lib/trpc/client';
import { byCursor } from '@/lib/trpc/paging';
import { answerText, costText, foldSteps, STEP_LABELS, tookMs } from './stepLabels';

/** Steps tell nobody that they were written, so a running one is asked about. */
const REFETCH_MS = 2_000;
/** Enough for most runs to be whole. */
const PAGE_SIZE = 100;

/** How long the step took, beside the longest one. */
function DurationBar({ ms, longestMs }: { ms: number; longestMs: number }) {
  const percent = longestMs === 0 ? 0 : Math.max(1, Math.round((ms / longestMs) * 100));
  return (
    <span aria-hidden className="mt-1 block h-1 rounded-full bg-sunken">
      <span className="block h-1 rounded-full bg-accent/55" style={{ width: `${percent}%` }} />
    </span>
  );
}

function Step({ step, longestMs }: { step: StepView; longestMs: number }) {
  const { kind, name, status, startedAt } = step;
  const Icon = kind === 'model' ? Sparkles : Wrench;
  const cost = costText(step);
  const ms = tookMs(step);
  const answer = answerText(step);
  return (
    <li className="relative py-2 pl-9 text-[0.8125rem] tabular-nums">
      <span className="absolute top-2 left-0 flex size-6 items-center justify-center rounded-full border bg-surface">
        <Icon aria-hidden className="size-3.5 text-muted" />
      </span>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="min-w-0 flex-1 basis-40 wrap-anywhere">
          <span className="sr-only">{kind === 'model' ? 'Model ' : 'Tool '}</span>
          <span className="font-mono">{name}</span>
        </span>
        {cost !== null && <span className="text-muted">{cost}</span>}
        {ms !== null && (
          <time dateTime={startedAt.toISOString()} title={formatDateTime(startedAt)} className="text-muted">
            {formatMilliseconds(ms)}
          </time>
        )}
        {/* Most steps are simply done: what is not stands out. */}
        {status === 'done' ? (
          <span className="sr-only">{STEP_LABELS.done.label}</span>
        ) : (
          <LabelBadge {...STEP_LABELS[status]} beats={status === 'started'} />
        )}
      </div>
      {ms !== null && <DurationBar ms={ms} longestMs={longestMs} />}
      {answer !== null && <p className="mt-1 text-muted">{answer}</p>}
      {status === 'unknown' && (
        <p className="mt-1 text-muted">It may have happened: the answer did not come.</p>
      )}
    </li>
  );
}

/** The steps of one run, its uneventful middle folded away. */
function StepList({ steps }: { steps: readonly StepView[] }) {
  const [isWhole, setWhole] = useState(false);
  const longestMs = Math.max(0, ...steps.map((step) => tookMs(step) ?? 0));
  const parts = isWhole ? steps.map((step) => ({ step })) : foldSteps(steps);
  return (
    <ol className="relative before:absolute before:inset-y-4 before:left-3 before:w-px before:bg-line">
      {parts.map((part) =>
        'step' in part ? (
          <Step key={part.step.index} step={part.step} longestMs={longestMs} />
        ) : (
          <li key={`after ${part.after}`} className="relative py-1 pl-9">
            <Button variant="ghost" size="small" className="-ml-2.5" onClick={() => setWhole(true)}>
              {part.folded === 1 ? 'Show 1 more step' : `Show ${part.folded} more steps`}
            </Button>
          </li>
        ),
      )}
    </ol>
  );
}

/** By their runs: a person may continue a conversation, and a run that failed is tried again. */
function byRun(steps: readonly StepView[]): [StepView, ...StepView[]][] {
  const runs = new Map<string, [StepView, ...StepView[]]>();
  for (const step of steps) {
    const run = runs.get(step.operationId);
    if (run === undefined) runs.set(step.operationId, [step]);
    else run.push(step);
  }
  return [...runs.values()];
}

const stepCount = (count: number): string => (count === 1 ? '1 step' : `${count.toLocaleString('en')} steps`);

interface StepsProps {
  topicId: string;
  /** More steps may come at any moment. */
  running: boolean;
  /** Whether the list is open until the person closes it. */
  opens: boolean;
}

/** The calls of the model and of tools in a run, where its agent keeps them. */
export function Steps({ topicId, running, opens }: StepsProps) {
  const trpc = useTRPC();
  const query = useInfiniteQuery(
    trpc.task.timeline.infiniteQueryOptions(
      { topicId, limit: PAGE_SIZE },
      { ...byCursor, refetchInterval: running ? REFETCH_MS : false },
    ),
  );
  if (query.isLoadingError) {
    const retry = () => query.refetch();
    return <ErrorState title="The steps could not be loaded" error={query.error} onRetry={retry} />;
  }
  const pages = query.data?.pages ?? [];
  const runs = byRun(pages.flatMap(({ items }) => items).reverse());
  const total = pages[0]?.total;
  if (total === undefined || total.steps === 0) return null;
  const { costUsd, ...usage } = total;
  const cost = costText({ usage, costUsd });
  return (
    <details className="border-t pt-3" open={opens || undefined}>
      <summary className="w-fit cursor-pointer rounded-md text-sm font-medium text-muted tabular-nums hover:text-ink">
        {stepCount(total.steps)}
        {cost !== null && <span className="font-normal"> · {cost}</span>}
      </summary>
      <LoadMore query={query} which="earlier" what="steps" />
      {runs.map(([first, ...rest]) => (
        <section key={first.operationId} className="mt-2">
          {(runs.length > 1 || first.attempt > 1) && (
            <h4 className="text-[0.8125rem] text-muted">
              {first.attempt > 1 ? `Attempt ${first.attempt}, ` : 'Run '}
              {formatDateTime(first.startedAt)}
            </h4>
          )}
          <StepList steps={[first, ...rest]} />
        </section>
      ))}
    </details>
  );
}
