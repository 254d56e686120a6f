import type { Metadata } from 'next';

export const metadata: Metadata = { title: 'Tool servers' };

export { ServersPage as default } from '@/features/settings/servers/ServersPage';
