import type { Metadata } from 'next';

export const metadata: Metadata = { title: 'System' };

export { SystemPage as default } from '@/features/system/SystemPage';
