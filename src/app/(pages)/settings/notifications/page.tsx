import type { Metadata } from 'next';
import { FirstView } from '@/app/firstView';
import { NotificationsPage } from '@/features/settings/notifications/NotificationsPage';

export const metadata: Metadata = { title: 'Notifications' };

export default function Page() {
  return (
    <FirstView reads={(api, client) => [client.prefetchQuery(api.channel.list.queryOptions())]}>
      <NotificationsPage />
    </FirstView>
  );
}
