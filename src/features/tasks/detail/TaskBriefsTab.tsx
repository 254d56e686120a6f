'use client';

import type { TaskDetailView } from '@everbeat/domain';
import { useInfiniteQuery } from '@tanstack/react-query';
import { MailCheck } from 'lucide-react';
import { LoadMore } from '@/components/ui/loadMore';
import { EmptyState, ErrorState, ListSkeleton } from '@/components/ui/states';
import { BriefCard } from '@/features/briefs/BriefCard';
import { useTRPC } from '@/lib/trpc/client';
import { byCursor } from '@/lib/trpc/paging';

const PAGE_SIZE = 20;

/** Unresolved briefs first, then resolved ones, each newest first. */
export function TaskBriefsTab({ task }: { task: TaskDetailView }) {
  const trpc = useTRPC();
  const briefs = useInfiniteQuery(
    trpc.brief.list.infiniteQueryOptions({ taskId: task.id, limit: PAGE_SIZE }, byCursor),
  );
  if (briefs.isPending) return <ListSkeleton rows={2} rowClass="h-32" />;
  if (briefs.isLoadingError) {
    return (
      <ErrorState
        title="The briefs could not be loaded"
        error={briefs.error}
        onRetry={() => briefs.refetch()}
      />
    );
  }
  const items = briefs.data.pages.flatMap((page) => page.items);
  if (items.length === 0) {
    return (
      <EmptyState icon={<MailCheck aria-hidden />} title="No briefs yet">
        When the agent finds something or needs a decision, its brief appears here and in your inbox.
      </EmptyState>
    );
  }
  const open = items.filter((brief) => brief.resolvedAt === null);
  const resolved = items.filter((brief) => brief.resolvedAt !== null);
  return (
    <div className="space-y-3">
      {[...open, ...resolved].map((brief) => (
        <BriefCard key={brief.id} brief={brief} />
      ))}
      <LoadMore query={briefs} what="briefs" />
    </div>
  );
}
