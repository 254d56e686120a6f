'use client';

import type { TaskDetailView } from '@everbeat/domain';
import Link from 'next/link';
import { formatSpan } from '@/lib/format/duration';
import { formatDateTime } from '@/lib/format/time';
import { useAtTime } from '@/lib/useNow';
import { BeatLine, Countdown } from '../shared/Countdown';
import { StatusBadge } from '../shared/StatusBadge';
import { TaskButtons } from './TaskButtons';

function RunningFor({ since }: { since: Date }) {
  const span = useAtTime((now) => formatSpan(now - since.getTime()));
  if (span === null) return null;
  return (
    <span title={`Since ${formatDateTime(since)}`} className="text-xl font-medium text-accent tabular-nums">
      for {span}
    </span>
  );
}

export function TaskHeader({ task }: { task: TaskDetailView }) {
  return (
    <header className="space-y-4">
      <div>
        <p className="flex flex-wrap items-center gap-x-2 text-sm text-muted tabular-nums">
          <Link href="/tasks" className="underline-offset-2 hover:underline">
            Tasks
          </Link>
          <span aria-hidden>/</span>
          {task.parent !== null && (
            <>
              <Link href={`/tasks/${task.parent.identifier}`} className="underline-offset-2 hover:underline">
                {task.parent.identifier}
              </Link>
              <span aria-hidden>/</span>
            </>
          )}
          <span>{task.identifier}</span>
        </p>
        <h1 className="mt-1 text-[1.75rem] leading-tight font-semibold tracking-tight">{task.name}</h1>
      </div>
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <StatusBadge status={task.status} context={task.context} />
          {task.runningOperation !== null && <RunningFor since={task.runningOperation.startedAt} />}
          <Countdown task={task} className={task.nextRunAt === null ? undefined : 'text-xl'} />
        </div>
        <TaskButtons task={task} />
      </div>
      <BeatLine task={task} />
    </header>
  );
}
