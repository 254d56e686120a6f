import type { Metadata } from 'next';
import { FirstView } from '@/app/firstView';
import { AgentsPage } from '@/features/agents/AgentsPage';

export const metadata: Metadata = { title: 'Agents' };

export default function Page() {
  return (
    <FirstView reads={(api, client) => [client.prefetchQuery(api.agent.list.queryOptions())]}>
      <AgentsPage />
    </FirstView>
  );
}
