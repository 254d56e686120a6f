'use client';

import { isSlowed, type TaskListItemView } from '@everbeat/domain';
import { Bot, CornerLeftUp, Flag, Repeat2, TriangleAlert, Turtle } from 'lucide-react';
import Link from 'next/link';
import { AutomationLabel } from '../shared/AutomationLabel';
import { BeatLine, Countdown } from '../shared/Countdown';
import { PRIORITY_LABELS } from '../shared/priorityLabels';
import { StatusBadge } from '../shared/StatusBadge';

interface TaskRowProps {
  task: TaskListItemView;
  agentName: string | undefined;
  /** Null while no tasks are being chosen. */
  isSelected: boolean | null;
  onSelect: (isSelected: boolean) => void;
}

/** Beside when it runs next, which is later than its rule says. */
function Slowed({ task }: { task: TaskListItemView }) {
  if (task.status !== 'scheduled' || !isSlowed({ ...task, scheduler: task.context.scheduler })) return null;
  return (
    <span className="inline-flex items-center gap-1.5 text-[0.8125rem] text-muted">
      <Turtle aria-hidden className="size-3.5 shrink-0" /> less often, as nobody looks
    </span>
  );
}

/**
 * The whole row is clickable, but only the name is the link, so that screen readers announce nothing else.
 */
export function TaskRow({ task, agentName, isSelected, onSelect }: TaskRowProps) {
  // The last error of a finished task needs no attention any more.
  const isOver = task.status === 'completed' || task.status === 'canceled';
  return (
    <li className="relative px-4 pt-3.5 pb-1 transition-colors hover:bg-sunken/50 has-[a:focus-visible]:bg-sunken/50 sm:px-5">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-1.5">
        <div className="min-w-0 flex-1 basis-64">
          <div className="flex items-baseline gap-2">
            {isSelected !== null && (
              <input
                type="checkbox"
                aria-label={`Select ${task.identifier}`}
                checked={isSelected}
                onChange={(event) => onSelect(event.target.checked)}
                className="relative z-10 size-4 self-center"
              />
            )}
            <span className="shrink-0 text-[0.8125rem] text-muted tabular-nums">{task.identifier}</span>
            <Link
              href={`/tasks/${task.identifier}`}
              className="min-w-0 truncate font-medium after:absolute after:inset-0"
            >
              {task.name}
            </Link>
          </div>
          <p className="mt-0.5 flex flex-wrap items-center gap-x-4 gap-y-0.5 text-[0.8125rem] text-muted">
            <span className="inline-flex items-center gap-1.5">
              <Repeat2 aria-hidden className="size-3.5 shrink-0" /> <AutomationLabel task={task} />
            </span>
            <span className="inline-flex min-w-0 items-center gap-1.5">
              <Bot aria-hidden className="size-3.5 shrink-0" />
              <span className="truncate">{agentName ?? 'no agent'}</span>
            </span>
            {task.parent !== null && (
              <span className="inline-flex min-w-0 items-center gap-1.5">
                <CornerLeftUp aria-hidden className="size-3.5 shrink-0" />
                <span className="truncate">
                  part of {task.parent.identifier} {task.parent.name}
                </span>
              </span>
            )}
            {task.priority > 0 && (
              <span className="inline-flex items-center gap-1.5">
                <Flag aria-hidden className="size-3.5 shrink-0" />
                {PRIORITY_LABELS[task.priority]}
              </span>
            )}
          </p>
        </div>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Slowed task={task} />
          <Countdown task={task} className="text-[0.9375rem]" />
          <StatusBadge status={task.status} context={task.context} />
        </div>
      </div>
      {task.error !== null && !isOver && (
        <p className="mt-1 flex items-start gap-1.5 text-[0.8125rem] text-danger">
          <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
          <span className="line-clamp-2 min-w-0">{task.error}</span>
        </p>
      )}
      <div className="min-h-2.5">
        <BeatLine task={task} />
      </div>
    </li>
  );
}
