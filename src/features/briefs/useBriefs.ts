'use client';

import type { BriefPriority } from '@everbeat/domain';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTRPC } from '@/lib/trpc/client';
import { openBriefPages } from './openBriefPages';

/** The unresolved briefs of one priority, newest first, page by page. */
export function useOpenBriefs(priority: BriefPriority) {
  const trpc = useTRPC();
  const query = useInfiniteQuery(openBriefPages(trpc, priority));
  const loaded = query.data?.pages.flatMap((page) => page.items) ?? [];
  return { query, briefs: loaded.filter((brief) => brief.resolvedAt === null) };
}

/**
 * The number of urgent briefs: "3", "20+" when there are more than were fetched, or null when there are none.
 */
export function useUrgentCount(): string | null {
  const { query, briefs } = useOpenBriefs('urgent');
  if (briefs.length === 0) return null;
  return query.hasNextPage ? `${briefs.length}+` : String(briefs.length);
}
