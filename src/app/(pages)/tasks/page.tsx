import type { Metadata } from 'next';
import { Suspense } from 'react';
import { ListSkeleton } from '@/components/ui/states';
import { TasksPage } from '@/features/tasks/list/TasksPage';

export const metadata: Metadata = { title: 'Tasks' };

export default function Page() {
  return (
    <Suspense fallback={<ListSkeleton rows={5} />}>
      <TasksPage />
    </Suspense>
  );
}
