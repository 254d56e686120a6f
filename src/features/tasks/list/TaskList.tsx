'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { ListChecks, ListTodo } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { Button } from '@/components/ui/button';
import { LoadMore } from '@/components/ui/loadMore';
import { EmptyState, ErrorState, ListSkeleton } from '@/components/ui/states';
import { useAgents } from '@/features/agents/useAgents';
import { FirstWatch } from '@/features/watch/FirstWatch';
import { useTRPC } from '@/lib/trpc/client';
import { BulkBar } from './BulkBar';
import { isNarrowed, type ListFilter } from './filters';
import { sectionsOf } from './groups';
import { TaskRow } from './TaskRow';
import { taskPages } from './taskPages';

interface TaskListProps {
  filter: ListFilter;
  onClear: () => void;
}

export function TaskList({ filter, onClear }: TaskListProps) {
  const trpc = useTRPC();
  const q = useDeferredValue(filter.q);
  const agents = useAgents();
  /** The ids of the chosen tasks; null while none are to be chosen. */
  const [selection, setSelection] = useState<ReadonlySet<string> | null>(null);
  const tasks = useInfiniteQuery(taskPages(trpc, { ...filter, q }));
  if (tasks.isPending) return <ListSkeleton rows={5} />;
  if (tasks.isLoadingError) {
    return (
      <ErrorState title="The tasks could not be loaded" error={tasks.error} onRetry={() => tasks.refetch()} />
    );
  }
  const items = tasks.data.pages.flatMap((page) => page.items);
  if (items.length === 0 && !isNarrowed(filter)) {
    return <FirstWatch />;
  }
  if (items.length === 0) {
    return (
      <EmptyState icon={<ListTodo aria-hidden />} title="No matching tasks">
        <p>No task matches this search and filter.</p>
        <Button size="small" className="mt-3" onClick={onClear}>
          Show all tasks
        </Button>
      </EmptyState>
    );
  }
  const agentNames = new Map(agents.data?.map((agent) => [agent.id, agent.name]));
  const selected = items.filter(({ id }) => selection?.has(id));
  const select = (tasks: readonly { id: string }[]) => setSelection(new Set(tasks.map(({ id }) => id)));
  return (
    <div className="space-y-3">
      {selection === null ? (
        <div className="-mb-1 flex justify-end">
          <Button variant="ghost" size="small" onClick={() => setSelection(new Set())}>
            <ListChecks aria-hidden /> Select several
          </Button>
        </div>
      ) : (
        <BulkBar shown={items} selected={selected} onSelect={select} onClose={() => setSelection(null)} />
      )}
      {sectionsOf(items, filter.group, agentNames).map(({ key, heading, tasks: rows }) => (
        <section key={key} aria-label={heading ?? undefined} className="space-y-2">
          {heading !== null && <h2 className="pt-2 text-sm font-medium text-muted">{heading}</h2>}
          <ul className="divide-y overflow-clip rounded-2xl border bg-surface">
            {rows.map((task) => (
              <TaskRow
                key={task.id}
                task={task}
                agentName={agentNames.get(task.agentId ?? '')}
                isSelected={selection === null ? null : selection.has(task.id)}
                onSelect={(isSelected) =>
                  select(isSelected ? [...selected, task] : selected.filter(({ id }) => id !== task.id))
                }
              />
            ))}
          </ul>
        </section>
      ))}
      <LoadMore query={tasks} what="tasks" />
    </div>
  );
}
