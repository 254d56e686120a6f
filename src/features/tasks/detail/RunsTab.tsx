'use client';

import { keptRuns, type TaskDetailView } from '@everbeat/domain';
import { HeartPulse } from 'lucide-react';
import { LoadMore } from '@/components/ui/loadMore';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { useTRPC } from '@/lib/trpc/client';
import { byCursor } from '@/lib/trpc/paging';
import { RunCard } from './RunCard';
import { RunStrip } from './RunStrip';
import { OLDER_PAGE_SIZE, useOlderRows } from './useOlderRows';

export function RunsTab({ task }: { task: TaskDetailView }) {
  const trpc = useTRPC();
  const topics = useOlderRows(
    task.topics,
    task.totalTopics > task.topics.length,
    trpc.task.topics.infiniteQueryOptions({ id: task.id, limit: OLDER_PAGE_SIZE }, byCursor),
  );
  if (task.topics.length === 0) {
    return (
      <EmptyState icon={<HeartPulse aria-hidden />} title="No runs yet">
        The first run appears here, with everything the agent did.
      </EmptyState>
    );
  }
  const hidden = task.totalTopics - topics.rows.length;
  return (
    <div className="space-y-4">
      <RunStrip topics={task.topics} />
      <ul className="space-y-3">
        {topics.rows.map((topic) => (
          <RunCard key={topic.id} topic={topic} />
        ))}
      </ul>
      {hidden > 0 && (
        <p className="text-sm text-muted">
          {topics.older.hasNextPage
            ? `The newest ${topics.rows.length} of ${task.totalTopics} runs.`
            : `${topics.rows.length} of ${task.totalTopics} runs are kept: the newest ${keptRuns(task.config)}, and of older ones the last of each day.`}
        </p>
      )}
      {topics.error !== null && (
        <ErrorState title="The older runs could not be loaded" error={topics.error} onRetry={topics.retry} />
      )}
      <LoadMore query={topics.older} which="older" what="runs" />
    </div>
  );
}
