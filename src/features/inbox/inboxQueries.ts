import type { InboxView } from '@everbeat/domain';
import { keepPreviousData } from '@tanstack/react-query';
import type { Api } from '@/lib/trpc/client';
import { byCursor } from '@/lib/trpc/paging';
import type { InboxFilter } from './inboxParams';

/** The rows of a view that the filter leaves, page by page. */
export const inboxPages = (trpc: Api, view: InboxView, { q, task, agent, type }: InboxFilter) =>
  trpc.inbox.list.infiniteQueryOptions(
    {
      view,
      query: q.trim() || undefined,
      type: type ?? undefined,
      taskId: task ?? undefined,
      agentId: agent ?? undefined,
    },
    { ...byCursor, placeholderData: keepPreviousData },
  );
