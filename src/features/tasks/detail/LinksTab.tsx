'use client';

import { type LinkedTaskView, readsWords, type TaskDetailView } from '@everbeat/domain';
import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { LoadMore } from '@/components/ui/loadMore';
import { ErrorState } from '@/components/ui/states';
import { useTRPC } from '@/lib/trpc/client';
import { byCursor } from '@/lib/trpc/paging';
import { useNewTask } from '../form/useNewTask';
import { DependencyForm } from './DependencyForm';
import { ParentSection } from './ParentSection';
import { RunSubtasksButton, SubtaskProgress } from './RunSubtasks';
import { TaskRef } from './TaskRef';
import { OLDER_PAGE_SIZE, useOlderRows } from './useOlderRows';
import { useRemoveDependency } from './useRemoveDependency';

interface LinkSectionProps {
  title: string;
  empty: string;
  tasks: LinkedTaskView[];
  action?: (task: LinkedTaskView) => ReactNode;
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
  const remove = useRemoveDependency(task);
  const subtasks = useOlderRows(
    task.subtasks,
    task.counts.subtasks > task.subtasks.length,
    trpc.task.list.infiniteQueryOptions({ parentTaskId: task.id, limit: OLDER_PAGE_SIZE }, byCursor),
  );
  const dependents = useOlderRows(
    task.dependents,
    task.counts.dependents > task.dependents.length,
    trpc.task.dependents.infiniteQueryOptions({ id: task.id, limit: OLDER_PAGE_SIZE }, byCursor),
  );
  // An agent that reads no words knows nothing of subtasks; those of an earlier agent stay in sight.
  const mayHaveSubtasks = readsWords(task.agent?.kind ?? null);
  return (
    <div className="space-y-8">
      {/* In the order in which they were created, which is that of the plan they are parts of. */}
      {(mayHaveSubtasks || task.subtasks.length > 0) && (
        <LinkSection title="Subtasks" empty="This task has no subtasks." tasks={subtasks.rows.toReversed()}>
          {subtasks.error !== null && (
            <ErrorState
              title="The older subtasks could not be loaded"
              error={subtasks.error}
              onRetry={subtasks.retry}
            />
          )}
          <LoadMore query={subtasks.older} which="older" what="subtasks" />
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
      <ParentSection task={task} />
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
        tasks={dependents.rows}
      >
        {dependents.error !== null && (
          <ErrorState
            title="The older tasks could not be loaded"
            error={dependents.error}
            onRetry={dependents.retry}
          />
        )}
        <LoadMore query={dependents.older} which="older" what="tasks that wait" />
      </LinkSection>
    </div>
  );
}
