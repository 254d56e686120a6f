import type { Metadata } from 'next';
import { AgentsPage } from '@/features/agents/AgentsPage';

export const metadata: Metadata = { title: 'Agents' };

export default function Page() {
  return <AgentsPage />;
}
