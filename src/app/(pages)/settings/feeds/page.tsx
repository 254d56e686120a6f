import type { Metadata } from 'next';

export const metadata: Metadata = { title: 'Feeds' };

export { FeedsPage as default } from '@/features/settings/feeds/FeedsPage';
