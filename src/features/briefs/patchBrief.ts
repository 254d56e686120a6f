import type { BriefView, InboxItem, Page, TaskDetailView } from '@everbeat/domain';
import type { InfiniteData, QueryClient, QueryFilters } from '@tanstack/react-query';
import type { Api } from '@/lib/trpc/client';

/** The cached queries that contain briefs. */
export interface BriefQueries {
  lists: QueryFilters;
  inbox: QueryFilters;
  details: QueryFilters;
  single: QueryFilters;
}

export const briefQueries = (trpc: Api): BriefQueries => ({
  lists: trpc.brief.list.infiniteQueryFilter(),
  inbox: trpc.inbox.list.infiniteQueryFilter(),
  details: trpc.task.detail.pathFilter(),
  single: trpc.brief.get.pathFilter(),
});

type Pages<Item> = InfiniteData<Page<Item>>;

const inPages =
  <Item>(apply: (item: Item) => Item) =>
  (data: Pages<Item>): Pages<Item> => ({
    ...data,
    pages: data.pages.map((page) => ({ ...page, items: page.items.map(apply) })),
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
  const restores = [
    change(queryClient, queries.lists, inPages(apply)),
    change(
      queryClient,
      queries.inbox,
      inPages((row: InboxItem) => ({ ...row, brief: apply(row.brief) })),
    ),
    change(queryClient, queries.details, (task: TaskDetailView) => ({
      ...task,
      briefs: task.briefs.map(apply),
    })),
    change(queryClient, queries.single, apply),
  ];
  return () => {
    for (const restore of restores) restore();
  };
}

function change<Data>(
  queryClient: QueryClient,
  filter: QueryFilters,
  update: (data: Data) => Data,
): () => void {
  const before = queryClient.getQueriesData<Data>(filter);
  for (const [key, data] of before) if (data !== undefined) queryClient.setQueryData(key, update(data));
  return () => {
    for (const [key, data] of before) queryClient.setQueryData(key, data);
  };
}
