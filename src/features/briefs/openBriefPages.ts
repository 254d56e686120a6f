import type { BriefPriority } from '@everbeat/domain';
import type { Api } from '@/lib/trpc/client';
import { byCursor } from '@/lib/trpc/paging';

const PAGE_SIZE = 20;

/** The unresolved briefs of one priority, newest first, page by page. */
export const openBriefPages = (trpc: Api, priority: BriefPriority) =>
  trpc.brief.list.infiniteQueryOptions(
    { unresolved: true, priorities: [priority], limit: PAGE_SIZE },
    byCursor,
  );
