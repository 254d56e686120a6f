'use client';

import { useQuery } from '@tanstack/react-query';
import { HeartPulse } from 'lucide-react';
import { PageHeader } from '@/components/ui/pageHeader';
import { EmptyState, ErrorState, ListSkeleton } from '@/components/ui/states';
import { useOpenBriefs } from '@/features/briefs/useBriefs';
import { PulseSummary } from '@/features/system/PulseSummary';
import { FirstWatch } from '@/features/watch/FirstWatch';
import { WatchAnother } from '@/features/watch/WatchAnother';
import { useTRPC } from '@/lib/trpc/client';
import { InboxSection } from './InboxSection';

function Briefs() {
  const trpc = useTRPC();
  const urgent = useOpenBriefs('urgent');
  const normal = useOpenBriefs('normal');
  const info = useOpenBriefs('info');
  const tasks = useQuery(trpc.task.list.queryOptions({ limit: 1 }));
  const all = [urgent.query, normal.query, info.query, tasks];

  const failed = all.find((query) => query.isError && query.data === undefined);
  if (failed !== undefined) {
    const retry = () => all.map((query) => query.refetch());
    return <ErrorState title="The inbox could not be loaded" error={failed.error} onRetry={retry} />;
  }
  if (all.some((query) => query.isPending)) return <ListSkeleton rows={3} rowClass="h-32" />;

  const nothingOpen = [urgent, normal, info].every(({ briefs }) => briefs.length === 0);
  if (nothingOpen && tasks.data?.items.length === 0) {
    return <FirstWatch />;
  }
  return (
    <div className="space-y-10">
      {nothingOpen && (
        <EmptyState icon={<HeartPulse aria-hidden />} title="All quiet">
          Nothing is waiting for you. When a task finds something or needs a decision, it appears here.
        </EmptyState>
      )}
      <InboxSection priority="urgent" />
      <InboxSection priority="normal" />
      <InboxSection priority="info" />
      <WatchAnother />
    </div>
  );
}

export function InboxPage() {
  return (
    <div className="mx-auto max-w-3xl">
      <PageHeader title="Inbox" lead={<PulseSummary />} />
      <Briefs />
    </div>
  );
}
