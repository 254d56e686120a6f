'use client';

import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/lib/trpc/client';

const REFETCH_MS = 30_000;

/** Polls: some counts change by time alone, without an event, such as that of overdue tasks. */
export function useSystemStatus() {
  const trpc = useTRPC();
  return useQuery(trpc.system.status.queryOptions(undefined, { refetchInterval: REFETCH_MS }));
}
