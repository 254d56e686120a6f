'use client';

import type { TaskView } from '@everbeat/domain';
import { Hand } from 'lucide-react';
import { cn } from '@/lib/cn';
import { formatDateTime } from '@/lib/format/time';
import { useAtTime } from '@/lib/useNow';
import { type NextBeat, nextBeat } from './nextBeat';

const useNextBeat = (task: TaskView): NextBeat | null => useAtTime((now) => nextBeat(task, now));

/** The time until the next run, or what the task waits for. */
export function Countdown({ task, className }: { task: TaskView; className?: string }) {
  const beat = useNextBeat(task);
  if (beat === null) return null;
  return (
    <span
      title={task.nextRunAt === null ? undefined : `Next run: ${formatDateTime(task.nextRunAt)}`}
      className={cn(
        'inline-flex items-center gap-1.5 tabular-nums',
        beat.kind === 'counts' && 'font-medium text-ink',
        beat.kind === 'due' && 'font-medium text-accent',
        beat.kind === 'waits' && 'font-medium text-warn',
        beat.kind === 'rests' && 'text-muted',
        className,
      )}
    >
      {beat.kind === 'waits' && <Hand aria-hidden className="size-4 shrink-0" />}
      {beat.kind === 'counts' && <span className="sr-only">next run </span>}
      {beat.text}
    </span>
  );
}

/** Progress of the wait for the next run, drawn as a pulse trace with the beat at the present time. */
export function BeatLine({ task }: { task: TaskView }) {
  const progress = useNextBeat(task)?.progress;
  if (progress == null) return null;
  const share = `${(progress * 100).toFixed(2)}%`;
  return (
    <div aria-hidden className="relative h-4 overflow-hidden">
      <div className="absolute top-2.5 right-0 left-0 h-px bg-line" />
      <div className="absolute top-2.5 left-0 h-[1.5px] -translate-y-px bg-accent" style={{ width: share }} />
      <svg
        aria-hidden="true"
        viewBox="0 0 22 16"
        fill="none"
        className="absolute top-0 h-4 w-[22px]"
        style={{ left: share, transform: `translateX(-${share})` }}
      >
        <path
          d="M0 10h5l2-3 3 8 4-14 2.5 9H22"
          stroke="var(--color-accent)"
          strokeWidth="1.5"
          strokeLinejoin="round"
          strokeLinecap="round"
        />
      </svg>
    </div>
  );
}
