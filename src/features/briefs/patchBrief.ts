import type { BriefView, Page, TaskDetailView } from '@everbeat/domain';
import type { InfiniteData, QueryClient, QueryFilters } from '@tanstack/react-query';

/** Where the interface keeps briefs. */
export interface BriefPlaces {
  lists: QueryFilters;
  details: QueryFilters;
}

/**
 * Shows a brief as it will be, before the server has answered.
 * Returns what puts everything back.
 */
export function patchBrief(
  queryClient: QueryClient,
  places: BriefPlaces,
  id: string,
  patch: Partial<BriefView>,
): () => void {
  const apply = (brief: BriefView): BriefView => (brief.id === id ? { ...brief, ...patch } : brief);
  const lists = queryClient.getQueriesData<InfiniteData<Page<BriefView>>>(places.lists);
  const details = queryClient.getQueriesData<TaskDetailView>(places.details);
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
