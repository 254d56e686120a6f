'use client';

import type { TopicView } from '@everbeat/domain';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft } from 'lucide-react';
import type { RefObject } from 'react';
import { LabelBadge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { ErrorState, Skeleton } from '@/components/ui/states';
import { useTRPC } from '@/lib/trpc/client';
import { isNotFound } from '@/lib/trpc/errors';
import { RunDetail } from './RunDetail';
import { RunFacts } from './RunFacts';
import { RUN_LABELS } from './runLabels';

interface RunPaneProps {
  pane: RefObject<HTMLElement | null>;
  taskId: string;
  /** The number of the run. */
  number: number;
  /** Undefined: the list does not have it (yet). */
  topic: TopicView | undefined;
  onBack: () => void;
}

function Run({ topic }: { topic: TopicView }) {
  return (
    <div className="space-y-2.5 rounded-2xl border bg-surface px-4 py-4 sm:px-5">
      <h3 className="font-semibold">Run #{topic.number}</h3>
      {topic.title !== null && <p className="font-medium wrap-anywhere">{topic.title}</p>}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <LabelBadge {...RUN_LABELS[topic.status]} beats={topic.status === 'running'} />
        <RunFacts topic={topic} />
      </div>
      <RunDetail topic={topic} />
    </div>
  );
}

/** A run that the list does not hold, such as one that a link leads to. */
function FarRun({ taskId, number }: { taskId: string; number: number }) {
  const trpc = useTRPC();
  const run = useQuery(trpc.task.topic.queryOptions({ id: taskId, number }));
  if (run.isPending) return <Skeleton className="h-24" />;
  if (isNotFound(run.error))
    return <p className="text-sm text-muted">Run #{number} is no longer kept, or there was none.</p>;
  if (run.data === undefined)
    return <ErrorState title="The run could not be loaded" error={run.error} onRetry={() => run.refetch()} />;
  return <Run topic={run.data} />;
}

/**
 * One run with all that is known of it: beside the list, or where there is no room for both, instead of it.
 */
export function RunPane({ pane, taskId, number, topic, onBack }: RunPaneProps) {
  return (
    <section
      ref={pane}
      tabIndex={-1}
      aria-label={`Run #${number}`}
      className="min-w-0 scroll-mt-20 space-y-3 rounded-2xl outline-none"
    >
      <Button size="small" variant="ghost" className="@[40rem]:hidden" onClick={onBack}>
        <ArrowLeft aria-hidden /> All runs
      </Button>
      {topic === undefined ? (
        <FarRun taskId={taskId} number={number} />
      ) : (
        <Run key={topic.id} topic={topic} />
      )}
    </section>
  );
}
