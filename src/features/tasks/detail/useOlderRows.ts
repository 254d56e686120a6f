'use client';

import type { Page, TaskDetailView, TickView, TopicView } from '@everbeat/domain';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/lib/trpc/client';

/** More than a detail holds, so that the first page asked for shows something new. */
const PAGE_SIZE = 50;

/** What the button that asks for more needs. */
interface Older {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** A list of a task that its detail begins: the rest is read once somebody asks for it. */
interface OlderRows<Row> {
  rows: Row[];
  older: Older;
  /** Null unless the rest could not be read. */
  error: unknown;
  retry: () => void;
}

export function useTopics(task: TaskDetailView): OlderRows<TopicView> {
  const trpc = useTRPC();
  const [isAsked, setAsked] = useState(false);
  const query = useInfiniteQuery(
    trpc.task.topics.infiniteQueryOptions(
      { id: task.id, limit: PAGE_SIZE },
      { getNextPageParam: (page) => page.nextCursor, enabled: isAsked },
    ),
  );
  if (isAsked) return asked(query, task.topics);
  return unasked(task.topics, task.totalTopics > task.topics.length, () => setAsked(true));
}

export function useTicks(task: TaskDetailView): OlderRows<TickView> {
  const trpc = useTRPC();
  const [isAsked, setAsked] = useState(false);
  const query = useInfiniteQuery(
    trpc.task.ticks.infiniteQueryOptions(
      { id: task.id, limit: PAGE_SIZE },
      { getNextPageParam: (page) => page.nextCursor, enabled: isAsked },
    ),
  );
  if (isAsked) return asked(query, task.ticks);
  return unasked(task.ticks, task.hasOlderTicks, () => setAsked(true));
}

/** Also where an earlier look at the list is still remembered: until it is asked for again, nobody keeps that up to date. */
const unasked = <Row>(begun: Row[], hasNextPage: boolean, ask: () => void): OlderRows<Row> => ({
  rows: begun,
  older: { hasNextPage, isFetchingNextPage: false, fetchNextPage: ask },
  error: null,
  retry: ask,
});

/** What is read begins with the newest row, as the detail does, and replaces it: the two are refreshed at the same time. */
function asked<Row>(
  query: Older & { data: { pages: Page<Row>[] } | undefined; error: unknown; refetch: () => unknown },
  begun: Row[],
): OlderRows<Row> {
  const { data, error } = query;
  const retry = () => void query.refetch();
  if (data !== undefined) {
    return { rows: data.pages.flatMap((page) => page.items), older: query, error: null, retry };
  }
  const older = { hasNextPage: error === null, isFetchingNextPage: true, fetchNextPage: retry };
  return { rows: begun, older, error, retry };
}
