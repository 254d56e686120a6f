'use client';

import { readsWords, type TaskDetailView, type TaskRefView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { useTRPC } from '@/lib/trpc/client';
import { useNewTask } from '../form/useNewTask';
import { StatusBadge } from '../shared/StatusBadge';
import { DependencyForm } from './DependencyForm';
import { RunSubtasksButton, SubtaskProgress } from './RunSubtasks';

function TaskRef({ task, children }: { task: TaskRefView; children?: ReactNode }) {
  return (
    <li className="flex items-center gap-3 py-2.5">
      <Link
        href={`/tasks/${task.identifier}`}
        className="min-w-0 flex-1 truncate underline-offset-2 hover:underline"
      >
        <span className="text-sm text-muted tabular-nums">{task.identifier}</span> {task.name}
      </Link>
      <StatusBadge status={task.status} />
      {children}
    </li>
  );
}

interface LinkSectionProps {
  title: string;
  empty: string;
  tasks: TaskRefView[];
  action?: (task: TaskRefView) => ReactNode;
  children?: ReactNode;
}

function LinkSection({ title, empty, tasks, action, children }: LinkSectionProps) {
  return (
    <section aria-label={title}>
      <h3 className="font-semibold">{title}</h3>
      {tasks.length === 0 && <p className="mt-1 text-sm text-muted">{empty}</p>}
      <ul className="divide-y">
        {tasks.map((task) => (
          <TaskRef key={task.id} task={task}>
            {action?.(task)}
          </TaskRef>
        ))}
      </ul>
      {children}
    </section>
  );
}

/** The subtasks of a task, the tasks it waits for, and the tasks that wait for it. */
export function LinksTab({ task }: { task: TaskDetailView }) {
  const { open } = useNewTask();
  const trpc = useTRPC();
  const remove = useMutation(
    trpc.task.removeDependency.mutationOptions({ meta: { failed: 'The dependency was not removed' } }),
  );
  // An agent that reads no words knows nothing of subtasks; those of an earlier agent stay in sight.
  const mayHaveSubtasks = readsWords(task.agent?.kind ?? null);
  return (
    <div className="space-y-8">
      {/* In the order in which they were created, which is that of the plan they are parts of. */}
      {(mayHaveSubtasks || task.subtasks.length > 0) && (
        <LinkSection title="Subtasks" empty="This task has no subtasks." tasks={task.subtasks.toReversed()}>
          <SubtaskProgress counts={task.subtaskCounts} />
          <div className="mt-3 flex flex-wrap gap-2">
            {task.subtaskCounts.resting > 0 && <RunSubtasksButton taskId={task.id} />}
            {mayHaveSubtasks && (
              <Button size="small" onClick={() => open(task.identifier)}>
                <Plus aria-hidden /> Add a subtask
              </Button>
            )}
          </div>
        </LinkSection>
      )}
      <LinkSection
        title="Waits for"
        empty="This task does not wait for other tasks."
        tasks={task.dependencies}
        action={(dependency) => (
          <Button
            variant="ghost"
            size="small"
            aria-label={`Stop waiting for ${dependency.identifier}`}
            busy={remove.isPending && remove.variables.dependsOnId === dependency.id}
            onClick={() => remove.mutate({ id: task.id, dependsOnId: dependency.id })}
          >
            <X aria-hidden />
          </Button>
        )}
      >
        <DependencyForm taskId={task.id} />
      </LinkSection>
      <LinkSection
        title="Tasks that wait for this one"
        empty="No other task waits for this one."
        tasks={task.dependents}
      />
    </div>
  );
}
