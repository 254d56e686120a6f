import type { Metadata } from 'next';
import { createLoader, type SearchParams } from 'nuqs/server';
import { InboxPage } from '@/features/inbox/InboxPage';
import { inboxParsers } from '@/features/inbox/inboxParams';
import { inboxPages } from '@/features/inbox/inboxQueries';
import { FirstView } from './firstView';

export const metadata: Metadata = { title: 'Inbox' };

const loadParams = createLoader(inboxParsers);

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { view, brief, ...filter } = await loadParams(searchParams);
  const views = view === null ? (['waiting', 'unread'] as const) : [view];
  return (
    <FirstView
      reads={(api, client) => [
        ...views.map((each) => client.prefetchInfiniteQuery(inboxPages(api, each, filter))),
        ...(brief === null ? [] : [client.prefetchQuery(api.brief.get.queryOptions({ id: brief }))]),
        client.prefetchQuery(api.task.list.queryOptions({ limit: 1 })),
        client.prefetchQuery(api.agent.list.queryOptions()),
        client.prefetchQuery(api.system.status.queryOptions()),
      ]}
    >
      <InboxPage />
    </FirstView>
  );
}
