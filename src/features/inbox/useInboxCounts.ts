'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/lib/trpc/client';

/** How much waits, is unread and is snoozed; undefined until it is known. */
export function useInboxCounts() {
  const trpc = useTRPC();
  return useQuery(trpc.inbox.counts.queryOptions());
}
