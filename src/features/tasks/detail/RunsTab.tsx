'use client';

import { keptRuns, type TaskDetailView } from '@everbeat/domain';
import { HeartPulse } from 'lucide-react';
import { parseAsInteger, useQueryState } from 'nuqs';
import { LoadMore } from '@/components/ui/loadMore';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { cn } from '@/lib/cn';
import { useTRPC } from '@/lib/trpc/client';
import { byCursor } from '@/lib/trpc/paging';
import { RunList } from './RunList';
import { RunPane } from './RunPane';
import { OLDER_PAGE_SIZE, useOlderRows } from './useOlderRows';
import { useRunFocus } from './useRunFocus';

/**
 * However far down the list the run stands that is shown beside it. The header of narrow screens is above it.
 */
const STAYS_IN_SIGHT =
  '@[40rem]:sticky @[40rem]:top-16 @[40rem]:max-h-[calc(100dvh-8rem)] @[40rem]:overflow-y-auto lg:@[40rem]:top-4 lg:@[40rem]:max-h-[calc(100dvh-2rem)]';

/**
 * The runs as a list, with one of them beside it. Where there is no room for both, a run is a page of its
 * own.
 */
export function RunsTab({ task }: { task: TaskDetailView }) {
  const trpc = useTRPC();
  // In the address, so that a link leads to a run. Without it, the newest one is shown beside the list.
  const [chosen, setChosen] = useQueryState('run', parseAsInteger.withOptions({ history: 'push' }));
  const focus = useRunFocus(chosen);
  const topics = useOlderRows(
    task.topics,
    task.totalTopics > task.topics.length,
    trpc.task.topics.infiniteQueryOptions({ id: task.id, limit: OLDER_PAGE_SIZE }, byCursor),
  );
  const [newest] = topics.rows;
  if (newest === undefined) {
    return (
      <EmptyState icon={<HeartPulse aria-hidden />} title="No runs yet">
        The first run appears here, with everything the agent did.
      </EmptyState>
    );
  }
  const isChosen = chosen !== null;
  const number = chosen ?? newest.number;
  const hidden = task.totalTopics - topics.rows.length;
  const show = (run: number | null) => {
    focus.leave(number);
    void setChosen(run);
  };
  return (
    <div className="@container">
      <div className="grid items-start gap-4 @[40rem]:grid-cols-[minmax(14rem,2fr)_minmax(0,3fr)]">
        <div ref={focus.list} className={cn('min-w-0 space-y-4', isChosen && '@max-[40rem]:hidden')}>
          <RunList topics={topics.rows} agentKind={task.agent?.kind ?? null} shown={number} onOpen={show} />
          {hidden > 0 && (
            <p className="text-sm text-muted">
              {topics.older.hasNextPage
                ? `The newest ${topics.rows.length} of ${task.totalTopics} runs.`
                : `${topics.rows.length} of ${task.totalTopics} runs are kept: the newest ${keptRuns(task.config)}, and of older ones the last of each day.`}
            </p>
          )}
          {topics.error !== null && (
            <ErrorState
              title="The older runs could not be loaded"
              error={topics.error}
              onRetry={topics.retry}
            />
          )}
          <LoadMore query={topics.older} which="older" what="runs" />
        </div>
        <div key={number} className={cn('min-w-0', STAYS_IN_SIGHT, !isChosen && '@max-[40rem]:hidden')}>
          <RunPane
            pane={focus.pane}
            taskId={task.id}
            number={number}
            topic={topics.rows.find((topic) => topic.number === number)}
            onBack={() => show(null)}
          />
        </div>
      </div>
    </div>
  );
}
