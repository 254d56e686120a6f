import type { LinkedTaskView } from '@everbeat/domain';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { StatusBadge } from '../shared/StatusBadge';

/** A line that leads to another task. `children`: what can be done with it. */
export function TaskRef({ task, children }: { task: LinkedTaskView; children?: ReactNode }) {
  return (
    <li className="flex items-center gap-3 py-2.5">
      <Link
        href={`/tasks/${task.identifier}`}
        className="min-w-0 flex-1 truncate underline-offset-2 hover:underline"
      >
        <span className="text-sm text-muted tabular-nums">{task.identifier}</span> {task.name}
      </Link>
      <StatusBadge status={task.status} context={task.context} />
      {children}
    </li>
  );
}
