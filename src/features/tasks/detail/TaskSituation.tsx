'use client';

import { type FailureStreak, LIMITS, type TaskDetailView } from '@everbeat/domain';
import { CirclePause, Hand, Hourglass, OctagonX, TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import { Button, buttonVariants } from '@/components/ui/button';
import { LocalText } from '@/components/ui/time';
import { PlaceLink } from '@/features/briefs/BriefActions';
import { isPlace } from '@/features/briefs/briefLabels';
import { formatUntil } from '@/lib/format/time';
import { useAtTime } from '@/lib/useNow';
import { awayText } from './awayText';
import { Notice } from './Notice';
import { useTaskActions } from './useTaskActions';

function FuseNotice({ task }: { task: TaskDetailView }) {
  const { resume } = useTaskActions(task);
  return (
    <Notice
      icon={TriangleAlert}
      tone="danger"
      title={`This task was paused after ${LIMITS.fuseFailures} failed runs in a row`}
      remedy={
        <Button size="small" busy={resume.isPending} onClick={() => resume.mutate({ id: task.id })}>
          Resume
        </Button>
      }
    >
      It does not run again until you resume it. Fix the cause first.
      {task.error !== null && <p className="mt-1 font-mono text-[0.8125rem]">{task.error}</p>}
    </Notice>
  );
}

function NeedsPersonNotice({ task }: { task: TaskDetailView }) {
  const { resume } = useTaskActions(task);
  const open = task.briefs.filter((brief) => brief.resolvedAt === null);
  const cure = open.flatMap((brief) => brief.actions).find(isPlace);
  return (
    <Notice
      icon={TriangleAlert}
      tone="danger"
      title="This task cannot run until you have changed something"
      remedy={
        <div className="flex flex-wrap gap-2">
          {cure !== undefined && <PlaceLink action={cure} variant="primary" />}
          <Button size="small" busy={resume.isPending} onClick={() => resume.mutate({ id: task.id })}>
            Resume
          </Button>
        </div>
      }
    >
      Every run would fail in the same way. Remove the cause, then resume it.
      {task.error !== null && <p className="mt-1 font-mono text-[0.8125rem]">{task.error}</p>}
    </Notice>
  );
}

function AwayNotice({ task, streak }: { task: TaskDetailView; streak: FailureStreak }) {
  // It names times, which only the browser can.
  const away = useAtTime((now) =>
    awayText(streak, task.id, { nextRunAt: task.nextRunAt, now: new Date(now) }),
  );
  if (away === null) return null;
  return (
    <Notice icon={Hourglass} tone="info" title={away.title}>
      {away.text}
      {task.error !== null && <p className="mt-1 font-mono text-[0.8125rem]">{task.error}</p>}
    </Notice>
  );
}

const BriefsLink = () => (
  <Link href="?tab=briefs" scroll={false} className={buttonVariants({ size: 'small' })}>
    See the brief
  </Link>
);

function BudgetNotice({ task: { nextRunAt } }: { task: TaskDetailView }) {
  return (
    <Notice icon={Hourglass} tone="info" title="This task waits for its budget">
      It goes on{' '}
      {nextRunAt === null ? 'by itself' : <LocalText read={(now) => formatUntil(nextRunAt, now)} />}, when its
      caps count from nothing again, or as soon as you raise its budget.
    </Notice>
  );
}

function BacklogNotice({ task }: { task: TaskDetailView }) {
  const open = task.dependencies.filter((dependency) => dependency.status !== 'completed');
  if (open.length === 0) return null;
  return (
    <Notice icon={Hourglass} tone="info" title="This task waits for other tasks">
      It starts by itself when {open.map((dependency) => dependency.identifier).join(', ')}{' '}
      {open.length === 1 ? 'is' : 'are'} completed. “Run now” runs it without waiting.
    </Notice>
  );
}

const StoppedNotice = () => (
  <Notice icon={OctagonX} tone="info" title="You stopped the last run">
    The task is paused until you resume it.
  </Notice>
);

function PausedNotice({ task }: { task: TaskDetailView }) {
  const asks = task.briefs.some((brief) => brief.resolvedAt === null && brief.type === 'result');
  const wasStopped = task.topics[0]?.status === 'interrupted';
  if (task.error !== null) {
    const title = wasStopped ? 'The last run was stopped; an earlier one had failed' : 'The last run failed';
    return (
      <Notice icon={TriangleAlert} tone="danger" title={title}>
        <p className="font-mono text-[0.8125rem]">{task.error}</p>
      </Notice>
    );
  }
  if (!asks) return wasStopped ? <StoppedNotice /> : null;
  return (
    <Notice icon={Hand} tone="warn" title="The result needs your approval" remedy={<BriefsLink />}>
      Approve it to complete the task, or run it again.
    </Notice>
  );
}

/** Explains why a task does not run by itself and what to do about it; renders nothing when it does. */
export function TaskSituation({ task }: { task: TaskDetailView }) {
  return (
    <>
      {task.pausedReason !== null && (
        <Notice icon={CirclePause} tone="info" title="This task is paused">
          <p className="whitespace-pre-line break-words">{task.pausedReason}</p>
        </Notice>
      )}
      <Problem task={task} />
    </>
  );
}

function Problem({ task }: { task: TaskDetailView }) {
  const { blockedBy, consecutiveFailures, streak, lostRuns, needsPerson, waitsForBudget } =
    task.context.scheduler;
  if (blockedBy === 'fuse') return <FuseNotice task={task} />;
  if (blockedBy === 'urgent-brief') {
    return (
      <Notice icon={Hand} tone="warn" title="This task waits for you" remedy={<BriefsLink />}>
        An urgent brief needs your answer. The task runs as soon as you have answered.
      </Notice>
    );
  }
  if (task.status === 'paused' && needsPerson) return <NeedsPersonNotice task={task} />;
  if (task.status === 'scheduled' && waitsForBudget === true) return <BudgetNotice task={task} />;
  if (task.status === 'backlog') return <BacklogNotice task={task} />;
  if (task.status === 'paused' || task.status === 'failed') return <PausedNotice task={task} />;
  if (task.status !== 'scheduled' || task.error === null) return null;
  if (lostRuns !== undefined && lostRuns < LIMITS.lostRunsMax) {
    return (
      <Notice icon={Hourglass} tone="info" title="The server stopped during the last run; it is run again">
        {task.error} This does not count as a failure of the task.
      </Notice>
    );
  }
  if (streak !== undefined && streak.count > 0) return <AwayNotice task={task} streak={streak} />;
  const left = LIMITS.fuseFailures - consecutiveFailures;
  return (
    <Notice icon={TriangleAlert} tone="danger" title="The last run failed; the task will run again">
      <p className="font-mono text-[0.8125rem]">{task.error}</p>
      {consecutiveFailures > 0 && (
        <p className="mt-1">
          After {left} more {left === 1 ? 'failure' : 'failures'} in a row, it is paused.
        </p>
      )}
    </Notice>
  );
}
