import { keepPreviousData } from '@tanstack/react-query';
import type { Api } from '@/lib/trpc/client';
import { byCursor } from '@/lib/trpc/paging';
import { type ListFilter, statusesOf } from './filters';

const PAGE_SIZE = 30;

/** The tasks that the filters of the page leave, page by page. */
export const taskPages = (trpc: Api, { show, q, agent, sort, group, need }: ListFilter) =>
  trpc.task.list.infiniteQueryOptions(
    {
      statuses: statusesOf(show),
      query: q.trim() || undefined,
      sort,
      limit: PAGE_SIZE,
      agentId: agent || undefined,
      attention: need ?? undefined,
      group: group ?? undefined,
    },
    { ...byCursor, placeholderData: keepPreviousData },
  );
