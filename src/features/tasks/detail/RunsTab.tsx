'use client';

import { keptRuns, type TaskDetailView } from '@everbeat/domain';
import { HeartPulse } from 'lucide-react';
import { parseAsInteger, useQueryState } from 'nuqs';
import { LoadMore } from '@/components/ui/loadMore';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { useTRPC } from '@/lib/trpc/client';
import { byCursor } from '@/lib/trpc/paging';
import { LinkedRun } from './LinkedRun';
import { RunList } from './RunList';
import { RunStrip } from './RunStrip';
import { OLDER_PAGE_SIZE, useOlderRows } from './useOlderRows';

/** In the address: the person has closed the run that was open. */
const NONE = 0;

export function RunsTab({ task }: { task: TaskDetailView }) {
  const trpc = useTRPC();
  // In the address, so that a link leads to a run. Without it, the newest one is open.
  const [opened, setOpened] = useQueryState('run', parseAsInteger);
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
  const isFarBack =
    opened !== null && opened !== NONE && topics.rows.every(({ number }) => number !== opened);
  const hidden = task.totalTopics - topics.rows.length;
  return (
    <div className="space-y-4">
      <RunStrip topics={task.topics} />
      {isFarBack && <LinkedRun taskId={task.id} number={opened} onClose={() => void setOpened(null)} />}
      <RunList
        topics={topics.rows}
        agentKind={task.agent?.kind ?? null}
        opened={opened === NONE ? null : (opened ?? task.topics[0]?.number ?? null)}
        onOpen={(number) => void setOpened(number ?? NONE)}
      />
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
