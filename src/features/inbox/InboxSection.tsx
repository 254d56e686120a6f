'use client';

import type { BriefPriority } from '@everbeat/domain';
import { LoadMore } from '@/components/ui/loadMore';
import { BriefCard } from '@/features/briefs/BriefCard';
import { PRIORITY_LABELS } from '@/features/briefs/briefLabels';
import { useOpenBriefs } from '@/features/briefs/useBriefs';

/** The open briefs of one priority; renders nothing when there are none. */
export function InboxSection({ priority }: { priority: BriefPriority }) {
  const { query, briefs } = useOpenBriefs(priority);
  if (briefs.length === 0 && !query.hasNextPage) return null;
  const { title, lead } = PRIORITY_LABELS[priority];
  return (
    <section aria-labelledby={`inbox-${priority}`} className="space-y-3">
      <div>
        <h2 id={`inbox-${priority}`} className="text-lg font-semibold tracking-tight">
          {title}{' '}
          <span className="font-normal text-muted tabular-nums">
            {briefs.length}
            {query.hasNextPage && '+'}
          </span>
        </h2>
        <p className="text-sm text-muted">{lead}</p>
      </div>
      {briefs.map((brief) => (
        <BriefCard key={brief.id} brief={brief} showTask />
      ))}
      <LoadMore query={query} what="briefs" />
    </section>
  );
}
