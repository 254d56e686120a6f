'use client';

import { LIMITS, type Page } from '@everbeat/domain';
import {
  type InfiniteData,
  type QueryKey,
  type UseInfiniteQueryOptions,
  useInfiniteQuery,
} from '@tanstack/react-query';
import { useState } from 'react';

/** More rows than a task's detail holds, so that the first page already contains older ones. */
export const OLDER_PAGE_SIZE = LIMITS.pageSizeMax;

export interface OlderRows<Row> {
  rows: Row[];
  /** For the "Show older" button. */
  older: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
  /** Null unless the older rows could not be loaded. */
  error: unknown;
  retry: () => void;
}

/**
 * A list whose newest rows come with the task's detail; older ones are fetched page by page once the person
 * asks for them. The pages begin with the newest row too, so they replace `newest` as soon as they are there,
 * and both are refreshed by the same invalidation.
 */
export function useOlderRows<Shown, Row extends Shown, QueryError, Key extends QueryKey, Cursor>(
  newest: Shown[],
  hasOlder: boolean,
  pages: UseInfiniteQueryOptions<Page<Row>, QueryError, InfiniteData<Page<Row>, Cursor>, Key, Cursor>,
): OlderRows<Shown> {
  const [isRequested, setRequested] = useState(false);
  const query = useInfiniteQuery({ ...pages, enabled: isRequested });
  if (!isRequested) {
    // Pages cached by an earlier visit are not shown: while the query is disabled, nothing refreshes them.
    const request = () => setRequested(true);
    const older = { hasNextPage: hasOlder, isFetchingNextPage: false, fetchNextPage: request };
    return { rows: newest, older, error: null, retry: request };
  }
  const retry = () => void query.refetch();
  if (query.data !== undefined) {
    return { rows: query.data.pages.flatMap((page) => page.items), older: query, error: null, retry };
  }
  const older = { hasNextPage: query.error === null, isFetchingNextPage: true, fetchNextPage: retry };
  return { rows: newest, older, error: query.error, retry };
}
