import type { Metadata } from 'next';
import { openBriefPages } from '@/features/briefs/openBriefPages';
import { InboxPage } from '@/features/inbox/InboxPage';
import { FirstView } from './firstView';

export const metadata: Metadata = { title: 'Inbox' };

export default function Page() {
  return (
    <FirstView
      reads={(api, client) => [
        ...(['normal', 'info'] as const).map((priority) =>
          client.prefetchInfiniteQuery(openBriefPages(api, priority)),
        ),
        client.prefetchQuery(api.task.list.queryOptions({ limit: 1 })),
        client.prefetchQuery(api.system.status.queryOptions()),
      ]}
    >
      <InboxPage />
    </FirstView>
  );
}
