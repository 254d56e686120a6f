'use client';

import { useQuery } from '@tanstack/react-query';
import { SearchX } from 'lucide-react';
import Link from 'next/link';
import { EmptyState, ErrorState, ListSkeleton, Skeleton } from '@/components/ui/states';
import { usePageTitle } from '@/lib/pageTitle';
import { useTRPC } from '@/lib/trpc/client';
import { isNotFound } from '@/lib/trpc/errors';
import { AbsenceNotice } from './AbsenceNotice';
import { TaskFacts } from './TaskFacts';
import { TaskGlance } from './TaskGlance';
import { TaskHeader } from './TaskHeader';
import { TaskSituation } from './TaskSituation';
import { TaskSpend } from './TaskSpend';
import { TaskTabs } from './TaskTabs';

function Loading() {
  return (
    <div className="space-y-6">
      <Skeleton className="h-10 w-72" />
      <ListSkeleton rows={3} />
    </div>
  );
}

function Missing({ taskRef }: { taskRef: string }) {
  return (
    <EmptyState icon={<SearchX aria-hidden />} title={`There is no task ${taskRef}`}>
      It may have been deleted.{' '}
      <Link href="/tasks" className="text-accent underline underline-offset-2">
        See all tasks
      </Link>
    </EmptyState>
  );
}

export function TaskPage({ taskRef }: { taskRef: string }) {
  const trpc = useTRPC();
  const { data: task, error, refetch } = useQuery(trpc.task.detail.queryOptions({ id: taskRef }));
  usePageTitle(task && `${task.name} · ${task.identifier}`);
  if (task === undefined) {
    return (
      <>
        <h1 className="sr-only">Task {taskRef}</h1>
        {error === null && <Loading />}
        {isNotFound(error) && <Missing taskRef={taskRef} />}
        {error !== null && !isNotFound(error) && (
          <ErrorState title="The task could not be loaded" error={error} onRetry={() => refetch()} />
        )}
      </>
    );
  }
  return (
    <div className="space-y-6">
      <TaskHeader task={task} />
      <AbsenceNotice task={task} />
      <TaskSituation task={task} />
      <TaskGlance task={task} />
      <TaskSpend task={task} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-8 xl:grid-cols-[minmax(0,1fr)_17rem]">
        {/* First on a narrow screen, beside the runs on a wide one. */}
        <TaskFacts task={task} className="xl:order-last" />
        <TaskTabs task={task} />
      </div>
    </div>
  );
}
