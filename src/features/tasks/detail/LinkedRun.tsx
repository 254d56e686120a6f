'use client';

import { useQuery } from '@tanstack/react-query';
import { ErrorState, Skeleton } from '@/components/ui/states';
import { useTRPC } from '@/lib/trpc/client';
import { isNotFound } from '@/lib/trpc/errors';
import { RunRow } from './RunRow';

interface LinkedRunProps {
  taskId: string;
  number: number;
  onClose: () => void;
}

/** The run that the address names, where it is older than those in the list. */
export function LinkedRun({ taskId, number, onClose }: LinkedRunProps) {
  const trpc = useTRPC();
  const run = useQuery(trpc.task.topic.queryOptions({ id: taskId, number }));
  if (run.isPending) return <Skeleton className="h-24" />;
  if (isNotFound(run.error)) {
    return <p className="text-sm text-muted">Run #{number} is no longer kept, or there was none.</p>;
  }
  if (run.data === undefined) {
    return <ErrorState title="The run could not be loaded" error={run.error} onRetry={() => run.refetch()} />;
  }
  return (
    <ul className="overflow-hidden rounded-2xl border border-accent/50 bg-surface">
      <RunRow topic={run.data} isOpen onOpenChange={onClose} />
    </ul>
  );
}
