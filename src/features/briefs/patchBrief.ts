import type { BriefView, Page, TaskDetailView } from '@everbeat/domain';
import type { InfiniteData, QueryClient, QueryFilters } from '@tanstack/react-query';
import type { Api } from '@/lib/trpc/client';

/** The cached queries that contain briefs. */
export interface BriefQueries {
  lists: QueryFilters;
  details: QueryFilters;
}

export const briefQueries = (trpc: Api): BriefQueries => ({
  lists: trpc.brief.list.pathFilter(),
  details: trpc.task.detail.pathFilter(),
});

/**
 * Optimistic update: changes a brief in every cached query that contains it.
 * Returns a function that restores the previous data.
 */
export function patchBrief(
  queryClient: QueryClient,
  queries: BriefQueries,
  id: string,
  patch: Partial<BriefView>,
): () => void {
  const apply = (brief: BriefView): BriefView => (brief.id === id ? { ...brief, ...patch } : brief);
  const lists = queryClient.getQueriesData<InfiniteData<Page<BriefView>>>(queries.lists);
  const details = queryClient.getQueriesData<TaskDetailView>(queries.details);
  for (const [key, data] of lists) {
    if (data === undefined) continue;
    const pages = data.pages.map((page) => ({ ...page, items: page.items.map(apply) }));
    queryClient.setQueryData(key, { ...data, pages });
  }
  for (const [key, data] of details) {
    if (data !== undefined) queryClient.setQueryData(key, { ...data, briefs: data.briefs.map(apply) });
  }
  return () => {
    for (const [key, data] of [...lists, ...details]) queryClient.setQueryData(key, data);
  };
}
