'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/lib/trpc/client';

const REFRESH_MS = 60_000;

/** What everything has cost in this month. It is read again once a minute at most, not with each event. */
export function useSystemSpend() {
  const trpc = useTRPC();
  return useQuery(trpc.system.spend.queryOptions({}, { staleTime: REFRESH_MS }));
}
