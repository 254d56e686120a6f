'use client';

import {
  type StopCause,
  type SystemOverviewView,
  type SystemStatusView,
  TASK_ATTENTION,
  type TaskAttention,
} from '@everbeat/domain';
import { CircleCheck, CloudOff, Hand, KeyRound, type LucideIcon, TriangleAlert, Unplug } from 'lucide-react';
import Link from 'next/link';
import { Button } from '@/components/ui/button';
import { cn } from '@/lib/cn';
import { ATTENTION_LABELS } from './attentionLabels';
import { formatCount } from './formatCount';
import { useResumeAll } from './useResumeAll';

interface Look {
  icon: LucideIcon;
  tone: string;
  remedy: string;
  /** The tasks can be resumed together. */
  cause?: StopCause;
}

const LOOKS: Record<TaskAttention, Look> = {
  'needs-person': {
    icon: KeyRound,
    tone: 'text-danger',
    remedy: 'A key was refused, or an agent is not set up. Their briefs say what to do.',
    cause: 'needs-person',
  },
  fuse: {
    icon: Unplug,
    tone: 'text-danger',
    remedy: 'Three runs in a row failed. Fix the cause, then resume them.',
    cause: 'fuse',
  },
  failing: {
    icon: TriangleAlert,
    tone: 'text-danger',
    remedy: 'The last run failed, and the next one is scheduled. Look at the error of each.',
  },
  decision: {
    icon: Hand,
    tone: 'text-warn',
    remedy: 'An urgent brief asks something. Its answer wakes the task.',
  },
  provider: {
    icon: CloudOff,
    tone: 'text-warn',
    remedy: 'A server or a limit keeps them waiting. They are tried again by themselves.',
  },
};

function ResumeAll({ kind, cause }: { kind: TaskAttention; cause: StopCause }) {
  const resume = useResumeAll();
  return (
    <Button
      size="small"
      className="relative"
      aria-label={`Resume all: ${ATTENTION_LABELS[kind]}`}
      busy={resume.isPending}
      onClick={() => resume.mutate({ cause })}
    >
      Resume all
    </Button>
  );
}

/** What a person must act on, each with the tasks that it is about; or that there is nothing. */
export function Attention({
  attention,
  overdue,
}: {
  attention: SystemOverviewView['attention'];
  overdue: SystemStatusView['overdue'];
}) {
  const kinds = TASK_ATTENTION.filter((kind) => attention[kind] > 0);
  return (
    <section aria-labelledby="attention" className="space-y-3">
      <h2 id="attention" className="text-lg font-semibold tracking-tight">
        {kinds.length === 0 ? 'Nothing needs you' : 'What needs you'}
      </h2>
      {kinds.length > 0 && (
        <ul className="divide-y overflow-hidden rounded-2xl border bg-surface">
          {kinds.map((kind) => {
            const { icon: Icon, tone, remedy, cause } = LOOKS[kind];
            return (
              <li
                key={kind}
                className="relative flex flex-wrap items-start gap-3 px-4 py-3.5 hover:bg-sunken/50 sm:px-5"
              >
                <Icon aria-hidden className={cn('mt-1 size-5 shrink-0', tone)} />
                <div className="min-w-0 flex-1 basis-48">
                  <Link
                    href={{ pathname: '/tasks', query: { need: kind } }}
                    className="font-medium after:absolute after:inset-0"
                  >
                    {ATTENTION_LABELS[kind]}
                  </Link>
                  <p className="text-sm text-muted">{remedy}</p>
                </div>
                {cause !== undefined && (
                  <div className="order-last basis-full pl-8 sm:order-none sm:basis-auto sm:pl-0">
                    <ResumeAll kind={kind} cause={cause} />
                  </div>
                )}
                <span className="text-2xl font-semibold tabular-nums">{formatCount(attention[kind])}</span>
              </li>
            );
          })}
        </ul>
      )}
      <p className={cn('flex items-center gap-2 text-sm', overdue === 0 ? 'text-muted' : 'text-warn')}>
        {overdue === 0 ? (
          <CircleCheck aria-hidden className="size-4 shrink-0 text-accent" />
        ) : (
          <TriangleAlert aria-hidden className="size-4 shrink-0" />
        )}
        {overdue === 0
          ? 'No task is overdue.'
          : `${formatCount(overdue)} overdue: the watchdog starts them at its next check.`}
      </p>
    </section>
  );
}
