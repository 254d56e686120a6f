import type { Metadata } from 'next';

export const metadata: Metadata = { title: 'Models' };

export { ModelsPage as default } from '@/features/settings/models/ModelsPage';
