import type { Metadata } from 'next';
import { InboxPage } from '@/features/inbox/InboxPage';

export const metadata: Metadata = { title: 'Inbox' };

export default function Page() {
  return <InboxPage />;
}
