import type { Metadata } from 'next';

export const metadata: Metadata = { title: 'Agents' };

export { AgentsPage as default } from '@/features/agents/AgentsPage';
