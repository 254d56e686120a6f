'use client';

import type { TaskAttention, TaskSort } from '@everbeat/domain';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { ListTodo } from 'lucide-react';
import { useDeferredValue } from 'react';
import { Button } from '@/components/ui/button';
import { LoadMore } from '@/components/ui/loadMore';
import { EmptyState, ErrorState, ListSkeleton } from '@/components/ui/states';
import { useAgents } from '@/features/agents/useAgents';
import { FirstWatch } from '@/features/watch/FirstWatch';
import { useTRPC } from '@/lib/trpc/client';
import { byCursor } from '@/lib/trpc/paging';
import { type FilterName, statusesOf } from './filters';
import { TaskRow } from './TaskRow';

const PAGE_SIZE = 30;

interface TaskListProps {
  show: FilterName;
  search: string;
  /** Empty for all agents. */
  agentId: string;
  sort: TaskSort;
  /** Null for all. */
  need: TaskAttention | null;
  onClear: () => void;
}

export function TaskList({ show, search, agentId, sort, need, onClear }: TaskListProps) {
  const trpc = useTRPC();
  const query = useDeferredValue(search.trim()) || undefined;
  const agents = useAgents();
  const tasks = useInfiniteQuery(
    trpc.task.list.infiniteQueryOptions(
      {
        ...{ statuses: statusesOf(show), query, sort, limit: PAGE_SIZE },
        ...{ agentId: agentId || undefined, attention: need ?? undefined },
      },
      { ...byCursor, placeholderData: keepPreviousData },
    ),
  );
  if (tasks.isPending) return <ListSkeleton rows={5} />;
  if (tasks.isLoadingError) {
    return (
      <ErrorState title="The tasks could not be loaded" error={tasks.error} onRetry={() => tasks.refetch()} />
    );
  }
  const items = tasks.data.pages.flatMap((page) => page.items);
  const filtered = show !== 'all' || query !== undefined || agentId !== '' || need !== null;
  if (items.length === 0 && !filtered) {
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
  return (
    <div className="space-y-3">
      <ul className="divide-y overflow-hidden rounded-2xl border bg-surface">
        {items.map((task) => (
          <TaskRow key={task.id} task={task} agentName={agentNames.get(task.agentId ?? '')} />
        ))}
      </ul>
      <LoadMore query={tasks} what="tasks" />
    </div>
  );
}
