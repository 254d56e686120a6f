'use client';

import { SearchX } from 'lucide-react';
import Link from 'next/link';
import { EmptyState, ErrorState, ListSkeleton, Skeleton } from '@/components/ui/states';
import { isNotFound } from '@/lib/trpc/errors';
import { TaskFacts } from './TaskFacts';
import { TaskHeader } from './TaskHeader';
import { TaskSituation } from './TaskSituation';
import { TaskTabs } from './TaskTabs';
import { useTaskDetail } from './useTaskDetail';

function Loading() {
  return (
    <div className="space-y-6">
      <Skeleton className="h-10 w-72" />
      <ListSkeleton rows={3} />
    </div>
  );
}

export function TaskPage({ taskRef }: { taskRef: string }) {
  const { data: task, error, isPending, refetch } = useTaskDetail(taskRef);
  if (isPending) return <Loading />;
  if (task === undefined && isNotFound(error)) {
    return (
      <EmptyState icon={<SearchX aria-hidden />} title={`There is no task ${taskRef}`}>
        It may have been deleted.{' '}
        <Link href="/tasks" className="text-accent underline underline-offset-2">
          See all tasks
        </Link>
      </EmptyState>
    );
  }
  if (task === undefined) {
    return <ErrorState title="The task could not be loaded" error={error} onRetry={() => refetch()} />;
  }
  return (
    <div className="space-y-6">
      <TaskHeader task={task} />
      <TaskSituation task={task} />
      <div className="grid gap-x-10 gap-y-8 xl:grid-cols-[minmax(0,1fr)_17rem]">
        <TaskTabs task={task} />
        <TaskFacts task={task} />
      </div>
    </div>
  );
}
