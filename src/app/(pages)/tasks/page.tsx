import type { Metadata } from 'next';
import { createLoader, type SearchParams } from 'nuqs/server';
import { FirstView } from '@/app/firstView';
import { listParsers } from '@/features/tasks/list/filters';
import { TasksPage } from '@/features/tasks/list/TasksPage';
import { taskPages } from '@/features/tasks/list/taskPages';

export const metadata: Metadata = { title: 'Tasks' };

const loadFilter = createLoader(listParsers);

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const filter = await loadFilter(searchParams);
  return (
    <FirstView
      reads={(api, client) => [
        client.prefetchInfiniteQuery(taskPages(api, filter)),
        client.prefetchQuery(api.agent.list.queryOptions()),
        client.prefetchQuery(api.savedFilter.list.queryOptions()),
      ]}
    >
      <TasksPage />
    </FirstView>
  );
}
