import type { Metadata } from 'next';
import { FirstView } from '@/app/firstView';
import { SystemPage } from '@/features/system/SystemPage';

export const metadata: Metadata = { title: 'System' };

export default function Page() {
  return (
    <FirstView
      reads={(api, client) => [
        client.prefetchQuery(api.system.status.queryOptions()),
        client.prefetchQuery(api.system.overview.queryOptions()),
      ]}
    >
      <SystemPage />
    </FirstView>
  );
}
