import type { Metadata } from 'next';
import { ImportPage } from '@/features/watch/import/ImportPage';

export const metadata: Metadata = { title: 'Import watches' };

export default function Page() {
  return <ImportPage />;
}
